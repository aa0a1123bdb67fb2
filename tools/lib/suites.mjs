// The suites of `npm test`, by name: what each builds first, and what it runs.
import { join } from "node:path";
import { fuzzSuite } from "./fuzz-suite.mjs";
import { monoSuite } from "./mono-suite.mjs";
import { nativeMatrixSuite } from "./native-suite.mjs";
import { puertsSource, wantedSource } from "./puerts-source.mjs";
import { puertsSuite } from "./puerts-suite.mjs";
import { root } from "./root.mjs";
import { check, dotnetTest, vitest } from "./runners.mjs";
import {
  buildNodeHost,
  buildSample,
  buildScenarios,
  buildScript,
  buildStandIn,
  buildWebGLHost,
  stageResources,
} from "./set-up.mjs";
import { combined, failedSuite, skippedSuite } from "./suite-result.mjs";
import { vendorCoreSuite } from "./vendor-suite.mjs";

const dotnetTests = "test/dotnet/Tests/TimChatBridge.Tests.csproj";
const unityTests = "test/unity/TimChatBridge.UnityTests.csproj";

/** What .editorconfig says of C#, by the compiler. Beside the other builds: there its analysers would cost time. */
const styleSettings = [
  ...["-c", "Release", "--nologo", "-v", "q", "-p:EnforceCodeStyleInBuild=true", "-p:RestoreLockedMode=true"],
  ...["--artifacts-path", join(root, ".cache/style")],
];

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
      ...["test/e2e/host/TimChatBridge.NodeHost.csproj", unityTests].map((project) =>
        check(`style (C#): ${project}`, "dotnet", ["build", project, ...styleSettings]),
      ),
      check("order of usings (C#)", process.execPath, ["tools/check-usings.mjs"]),
      check("format (C#)", "dotnet", ["format", "whitespace", "unity-plugin", "--folder", "--verify-no-changes"]),
    ]);
  },
  script: () => vitest("script", "vitest.config.ts"),
  csharp: () => {
    const missing = buildStandIn();
    const result = combined([dotnetTest("csharp", dotnetTests), dotnetTest("unity", unityTests)]);
    return missing === undefined ? result : combined([result, skippedSuite(`the native tests: ${missing}`)]);
  },
  mono: () => {
    const missing = buildStandIn();
    const result = monoSuite();
    return missing === undefined ? result : combined([result, skippedSuite(`the native tests on Mono: ${missing}`)]);
  },
  "end-to-end": () => {
    const standIn = standInReason();
    buildScenarios();
    buildNodeHost();
    return combined([
      vitest("end-to-end", "test/e2e/vitest.config.ts", standIn),
      vitest("user-model", "test/e2e/user-model.vitest.config.ts"),
    ]);
  },
  webgl: () => {
    buildScenarios();
    buildWebGLHost();
    return vitest("webgl", "test/webgl/vitest.config.ts");
  },
  "command-line": () => {
    const standIn = standInReason();
    buildSample();
    buildNodeHost();
    return vitest("command-line", "test/command-line/vitest.config.ts", standIn);
  },
  packages: () => {
    buildScript();
    return check("both packages: files, metas, typings, assemblies, builds", process.execPath, [
      "tools/pack.mjs",
      "--check",
    ]);
  },
  documents: () => {
    buildStandIn();
    buildScript();
    buildNodeHost();
    return vitest("documents", "test/docs/vitest.config.ts");
  },
  "native-matrix": () => {
    const missing = buildStandIn();
    if (missing !== undefined) return skippedSuite(`the fault matrix: ${missing}`);
    buildScenarios();
    buildNodeHost();
    return nativeMatrixSuite();
  },
  fuzz: fuzzSuite,
  "real-core": () => {
    buildScript();
    buildNodeHost();
    return vendorCoreSuite();
  },
  puerts: () => {
    const asked = process.env.PUERTS_NUGET_SOURCE;
    if (!asked) return skippedSuite(`real PuerTS: PUERTS_NUGET_SOURCE names no ${wantedSource.replace(/^a /, "")}`);
    const { source, fault } = puertsSource(asked, process.env.INIT_CWD ?? process.cwd());
    if (fault !== undefined) return failedSuite(fault);
    buildStandIn();
    buildScenarios();
    stageResources();
    buildNodeHost();
    return puertsSuite(source);
  },
};

/** Builds the stand-in; where it cannot be built, tells the tests why, for what they skip. */
function standInReason() {
  const missing = buildStandIn();
  return missing === undefined ? {} : { CHATBRIDGE_STAND_IN_MISSING: missing };
}
