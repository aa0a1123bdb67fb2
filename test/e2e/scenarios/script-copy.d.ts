/** The shipped script once more, as a file of its own: see tools/build-scenarios.mjs. */
declare module "tim-chatbridge:copy" {
  export * from "tim-chatbridge";
}
