// The end-to-end suite and the fault matrix on the real PuerTS, and that they are the Node host's, test for test.
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { dotnetTestsAtOnce, vitestNames } from "./runners.mjs";
import { backends, nameFaults } from "./same-names.mjs";
import { combined } from "./suite-result.mjs";

const project = "test/puerts/TimChatBridge.PuertsTests.csproj";
/** What is tested of PuerTS alone, its loader for one, is in other classes. */
const scenarioTests = "TimChatBridge.PuertsTests.ScenariosOnPuerts";
const nodeSuites = ["test/e2e/vitest.config.ts", "test/e2e/matrix.vitest.config.ts"];

/** Runs it, with PuerTS from this feed. What it needs (scenarios, the Node host, the stand-in) must be built, as far as it can be. */
export async function puertsSuite(source) {
  const feed = { PUERTS_NUGET_SOURCE: source };
  const onlyScenarios = ["--filter", `FullyQualifiedName~${scenarioTests}`];
  // A library is loaded once a process.
  const onLibrary = (name, folder) => ({
    name: `puerts-${name}`,
    project,
    args: onlyScenarios,
    env: {
      ...feed,
      CHATBRIDGE_BUNDLES: `matrix-${name}`,
      CHATBRIDGE_LIBRARY: join(root, `.cache/native/${folder}/libImSDK.so`),
    },
  });
  const onBackend = (backend, args) => ({
    name: `puerts-${backend}`,
    project,
    args,
    env: { ...feed, CHATBRIDGE_BUNDLES: "scenarios matrix", CHATBRIDGE_BACKENDS: backend },
  });
  run("dotnet", ["build", project, "--nologo", "-v", "q", "-c", "Release"], { env: feed });
  // Each backend takes minutes. What is not played on both, its fixtures say; it runs beside the first.
  const [first, ...others] = backends;
  const parts = [
    ...(await dotnetTestsAtOnce([onBackend(first, []), ...others.map((backend) => onBackend(backend, onlyScenarios))])),
    ...(await dotnetTestsAtOnce([
      onLibrary("older-core", "without-batch"),
      onLibrary("without-session-slots", "without-session-slots"),
    ])),
  ];
  const scenarios = parts.flatMap(({ tests = [] }) => tests).filter(({ className }) => className === scenarioTests);
  return combined([...parts, sameNames(scenarios.map(({ name }) => name))]);
}

function sameNames(onPuerts) {
  const onNodeHost = nodeSuites.flatMap(vitestNames);
  const faults = nameFaults(onNodeHost, onPuerts);
  const name = `${onNodeHost.length} tests of the Node host are the tests of ${backends.join(" and of ")}, by name`;
  console.log(`${faults.length === 0 ? "ok    " : "FAILED"} ${name}`);
  const failures = faults.length === 0 ? [] : [`${name}:\n  ${faults.join("\n  ")}`];
  return { passed: 1 - failures.length, failed: failures.length, skipped: 0, failures, skips: [] };
}
