/** The shipped script once more, as a file of its own: see tools/build-scenarios.mjs. */
declare module "tim-chatbridge:copy" {
  export * from "tim-chatbridge";
}

/** The script of a release that speaks these protocols, from the lowest to the highest: see tools/build-scenarios.mjs. */
declare module "tim-chatbridge:speaks/*" {
  export * from "tim-chatbridge";
}
