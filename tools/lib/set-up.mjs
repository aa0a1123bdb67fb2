// Everything that `npm start` and `npm test` need before they can run, on a machine with only Node.js and the .NET SDK.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";
import { copyScripts } from "./script-resources.mjs";
import { step } from "./step.mjs";

/** The C# projects' folder with what they are compiled from. */
const csharpInputs = ["unity-plugin", "test/dotnet", "test/e2e", "test/native", "test/unity-api"];
const nodeHostProject = "test/e2e/host/TimChatBridge.NodeHost.csproj";
const webGLHost = ".cache/webgl-host";

/** Whether a command is on this machine. */
export function has(command, args = ["--version"]) {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

export function installNodeModules() {
  step("npm ci", { inputs: ["package.json", "package-lock.json"], outputs: ["node_modules"] }, () => {
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
  });
}

/** The shipped script files and their typings. */
export function buildScript() {
  step(
    "build script",
    { inputs: ["src", "proto", "tsconfig.json", "package-lock.json", "tools"], outputs: ["dist"] },
    () => {
      run(process.execPath, [join(root, "tools/build-script.mjs")]);
    },
  );
}

/** The sample's TypeScript with the bridge in it, as one file for Node.js. */
export function buildSample() {
  buildScript();
  const inputs = ["src", "unity-plugin/Samples~", "tools", "package-lock.json"];
  step("build sample", { inputs, outputs: [".cache/sample/sample.mjs"] }, () => {
    run(process.execPath, [join(root, "tools/build-sample.mjs")]);
  });
}

/** The end-to-end scenarios beside the shipped script files. */
export function buildScenarios() {
  buildScript();
  const inputs = [
    "src",
    "test/e2e/scenarios",
    "test/e2e/matrix",
    "test/samples",
    "unity-plugin/Samples~",
    "tools",
    "package-lock.json",
  ];
  step("build scenarios", { inputs, outputs: [".cache/e2e/scenarios.mjs"] }, () => {
    run(process.execPath, [join(root, "tools/build-scenarios.mjs")]);
  });
}

/** The shipped script files as the Unity package has them. */
export function stageResources() {
  buildScript();
  const folder = join(root, ".cache/resources");
  rmSync(folder, { recursive: true, force: true });
  copyScripts(folder);
}

/** The C# side, as the Node host loads it. */
export function buildNodeHost() {
  requireDotnet();
  step("build C#", { inputs: csharpInputs, outputs: ["test/e2e/host/bin"], salt: sdkVersion() }, () => {
    dotnetBuild(nodeHostProject);
  });
}

/** The same, of the plugin as Unity compiles it for WebGL. */
export function buildWebGLHost() {
  requireDotnet();
  step("build C# for WebGL", { inputs: csharpInputs, outputs: [webGLHost], salt: sdkVersion() }, () => {
    dotnetBuild(nodeHostProject, ["-p:UnityPlatform=WebGL", "--artifacts-path", join(root, webGLHost)]);
  });
}

export function dotnetBuild(project, settings = []) {
  run("dotnet", ["restore", project, "--locked-mode", "--nologo", "-v", "q", ...settings]);
  run("dotnet", ["build", project, "--no-restore", "--nologo", "-v", "q", "-c", "Release", ...settings]);
}

/** The stand-in for libImSDK. Returns a reason where it cannot be built here. */
export function buildStandIn() {
  if (process.platform === "win32") return "the stand-in for libImSDK is built by a POSIX shell";
  if (!has(process.env.CC ?? "cc")) return "no C compiler (cc) on this machine";
  run("sh", ["test/native/build.sh"]);
  return undefined;
}

function sdkVersion() {
  return spawnSync("dotnet", ["--version"], { encoding: "utf8" }).stdout;
}

function requireDotnet() {
  if (has("dotnet")) return;
  console.error(
    "The .NET SDK (8 or later) is needed, and there is no `dotnet` on the PATH. Install it from Microsoft's site.",
  );
  process.exit(1);
}
