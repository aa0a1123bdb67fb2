// Where the protoc is that `npm run generate` makes the C# code with.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

const project = join(root, "tools/protoc/protoc.csproj");
const platform = { linux: "linux", darwin: "macosx", win32: "windows" }[process.platform];
const architecture = process.platform === "darwin" ? "x64" : process.arch;

/** The protoc that NuGet's Grpc.Tools brings, restored to the version in its lock file. */
export function protocPath() {
  run("dotnet", ["restore", project, "--locked-mode", "--nologo", "-v", "q"]);
  const properties = run("dotnet", [
    "msbuild",
    project,
    "-getProperty:Protobuf_ProtocFullPath,NuGetPackageRoot",
    "--nologo",
  ]);
  const { NuGetPackageRoot } = JSON.parse(properties).Properties;
  const name = process.platform === "win32" ? "protoc.exe" : "protoc";
  const path = join(NuGetPackageRoot, "grpc.tools/2.50.0/tools", `${platform}_${architecture}`, name);
  if (!existsSync(path))
    throw new Error(`Grpc.Tools has no protoc for ${platform} ${architecture}: looked for ${path}`);
  return path;
}
