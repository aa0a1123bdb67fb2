// The C# side's NUnit tests on Mono, the runtime of Unity's editor and of its Mono players.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { forgivenCrash } from "./mono-crash.mjs";
import { namesInTrx, readNUnit } from "./nunit-results.mjs";
import { root } from "./root.mjs";
import { dotnetResults, dotnetTest } from "./runners.mjs";
import { has } from "./set-up.mjs";
import { combined, skippedSuite } from "./suite-result.mjs";

/** Each built for Mono, beside the same tests' project on .NET and the name of its results, which the csharp suite leaves. */
const testPrograms = [
  {
    project: "test/mono/Tests/TimChatBridge.MonoTests.csproj",
    program: "TimChatBridge.Tests.exe",
    onDotnet: { name: "csharp", project: "test/dotnet/Tests/TimChatBridge.Tests.csproj" },
  },
  {
    project: "test/mono/UnityTests/TimChatBridge.MonoUnityTests.csproj",
    program: "TimChatBridge.UnityTests.exe",
    onDotnet: { name: "unity", project: "test/unity/TimChatBridge.UnityTests.csproj" },
  },
];
const referenceAssemblies = "/usr/lib/mono/4.8-api";
const results = join(root, ".cache/test-results");

/**
 * Runs them. The stand-in must be built. Fails too where Mono did not run the very tests that .NET runs, and where it did
 * not end as it should; mono-crash.mjs says which one end is forgiven, and the summary then says that it was.
 */
export function monoSuite() {
  if (!has("mono")) return skippedSuite("the C# tests on Mono: there is no `mono` on this machine");
  if (!existsSync(join(referenceAssemblies, "mscorlib.dll"))) {
    return skippedSuite(`the C# tests on Mono: no reference assemblies in ${referenceAssemblies} (Debian: mono-devel)`);
  }
  return combined(testPrograms.map(runOnMono));
}

function runOnMono({ project, program, onDotnet }) {
  const args = ["build", project, "-p:RestoreLockedMode=true", "--nologo", "-v", "q", "-c", "Release"];
  const build = spawnSync("dotnet", args, { cwd: root, encoding: "utf8" });
  if (build.status !== 0) {
    console.log(`${build.stdout}${build.stderr}`);
    return broken(`${project} does not compile for Mono (${ending(build)})`);
  }
  const tests = join(root, dirname(project), "bin/Release/net48", program);
  const resultFile = join(results, `mono-${onDotnet.name}.xml`);
  mkdirSync(dirname(resultFile), { recursive: true });
  rmSync(resultFile, { force: true });
  // An AppDomain of its own could never be unloaded: see Run.cs.
  const runner = [tests, tests, "--inprocess", "--domain=None", "--noheader", `--result=${resultFile}`];
  const run = spawnSync("mono", runner, {
    cwd: dirname(tests),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 900_000,
  });
  if (!existsSync(resultFile)) {
    console.log(`${run.stdout}${run.stderr}`);
    return broken(`mono gave no results of ${program} (${ending(run)})`);
  }
  const xml = readFileSync(resultFile, "utf8");
  const cases = readNUnit(xml);
  const result = counted(cases);
  result.failures.push(
    ...differences(
      onDotnet,
      cases.map(({ name }) => name),
    ),
  );
  if (run.status !== 0 && result.failures.length === 0) {
    const why = forgivenCrash(run, xml);
    if (why === undefined) result.failures.push(`${program} on mono ended with ${ending(run)}`);
    else result.forgiven = [why];
  }
  result.failed = result.failures.length;
  if (run.status !== 0) console.log(`${run.stdout}${run.stderr}`);
  return result;
}

function counted(cases) {
  const told = ({ name, message }) => `${name}: ${message}`;
  const skips = cases.filter(({ result }) => result === "Skipped").map(told);
  const failures = cases.filter(({ result }) => result !== "Skipped" && result !== "Passed").map(told);
  const passed = cases.length - skips.length - failures.length;
  return { passed, failed: failures.length, skipped: skips.length, failures, skips };
}

function differences({ name, project }, onMono) {
  // The csharp suite left them, unless this suite was asked for alone.
  if (dotnetResults(name) === undefined) dotnetTest(name, project);
  const file = dotnetResults(name);
  if (file === undefined) return [`dotnet test gave no results of ${project} to hold Mono's against`];
  const onDotnet = namesInTrx(readFileSync(file, "utf8"));
  const lacking = [
    ...without(onDotnet, onMono).map((name) => `${name}: on .NET, and not on Mono`),
    ...without(onMono, onDotnet).map((name) => `${name}: on Mono, and not on .NET`),
  ];
  if (lacking.length === 0) console.log(`Mono ran the same ${onMono.length} tests of ${project} as .NET`);
  return lacking;
}

/** What of `names` is not in `others`; a name that is there more often counts each time. */
function without(names, others) {
  const left = new Map();
  for (const name of others) left.set(name, (left.get(name) ?? 0) + 1);
  return names.filter((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}

function ending({ status, signal, error }) {
  return signal ? `signal ${signal}` : (error?.message ?? `exit code ${status}`);
}

function broken(why) {
  return { passed: 0, failed: 1, skipped: 0, failures: [why], skips: [] };
}
