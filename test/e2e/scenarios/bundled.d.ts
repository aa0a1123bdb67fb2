// What tools/build-scenarios.mjs puts in.

/** The shipped script once more, as a file of its own. */
declare module "tim-chatbridge:copy" {
  export * from "tim-chatbridge";
}

/** test/samples/on-the-plugin.ts, which is type-checked with the samples. */
declare module "samples:scenarios" {}

/** The script of a release that speaks these protocols, from the lowest to the highest: see tools/build-scenarios.mjs. */
declare module "tim-chatbridge:speaks/*" {
  export * from "tim-chatbridge";
}
