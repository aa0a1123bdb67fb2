import { monoSuite } from "./mono-suite.mjs";
import { nativeMatrixSuite } from "./native-suite.mjs";
import { check, dotnetTest, vitest } from "./runners.mjs";
import { buildNodeHost, buildSample, buildScenarios, buildScript, buildStandIn } from "./set-up.mjs";
import { combined, skippedSuite } from "./suite-result.mjs";
import { vendorCoreSuite } from "./vendor-suite.mjs";

const dotnetTests = "test/dotnet/Tests/TimChatBridge.Tests.csproj";
const puertsTests = "test/puerts/TimChatBridge.PuertsTests.csproj";

/** Every suite of `npm test`, in order: the quick ones first. */
export const suites = {
  checks: () => {
    buildScript();
    return combined([
      check("lint and format (TypeScript)", "npx", [
        "--no-install",
        "biome",
        "ci",
        "--colors=off",
        "--error-on-warnings",
        ".",
      ]),
      check("types", "npx", ["--no-install", "tsc", "-p", "tsconfig.json", "--noEmit"]),
      check("types of tests", "npx", ["--no-install", "tsc", "-p", "test"]),
      check("types of samples", "npx", ["--no-install", "tsc", "-p", "test/samples"]),
      check("types of the tests of samples and documents", "npx", ["--no-install", "tsc", "-p", "test/docs"]),
      check("proto files and generated code", process.execPath, ["tools/check-proto.mjs"]),
      check("format (C#)", "dotnet", ["format", "whitespace", "unity-plugin", "--folder", "--verify-no-changes"]),
    ]);
  },
  script: () => vitest("script", "vitest.config.ts"),
  csharp: () => {
    const missing = buildStandIn();
    const result = dotnetTest("csharp", dotnetTests);
    return missing === undefined ? result : combined([result, skippedSuite(`the native tests: ${missing}`)]);
  },
  mono: () => {
    const missing = buildStandIn();
    const result = monoSuite();
    return missing === undefined ? result : combined([result, skippedSuite(`the native tests on Mono: ${missing}`)]);
  },
  "end-to-end": () => {
    const missing = buildStandIn();
    buildSample();
    buildScenarios();
    buildNodeHost();
    const env = missing === undefined ? {} : { CHATBRIDGE_STAND_IN_MISSING: missing };
    return vitest("end-to-end", "test/e2e/vitest.config.ts", env);
  },
  packages: () => {
    buildScript();
    return check("both packages: files, metas, typings, assemblies, builds", process.execPath, [
      "tools/pack.mjs",
      "--check",
    ]);
  },
  documents: () => {
    buildScript();
    return vitest("documents", "test/docs/vitest.config.ts");
  },
  "native-matrix": () => {
    const missing = buildStandIn();
    if (missing !== undefined) return skippedSuite(`the fault matrix: ${missing}`);
    buildScript();
    buildNodeHost();
    return nativeMatrixSuite();
  },
  "real-core": () => {
    buildScript();
    buildNodeHost();
    return vendorCoreSuite();
  },
  puerts: () => {
    const source = process.env.PUERTS_NUGET_SOURCE;
    if (!source) {
      return skippedSuite(
        "real PuerTS: PUERTS_NUGET_SOURCE names no folder or feed with Puerts.Core.Complete, Puerts.V8.Complete and Puerts.QuickJS.Complete 3.0",
      );
    }
    buildStandIn();
    buildScenarios();
    return dotnetTest("puerts", puertsTests);
  },
};
