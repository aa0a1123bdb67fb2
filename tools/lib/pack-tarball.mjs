// Tarballs as npm and Unity's package manager take them: everything below package/, the same bytes every time.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "./run.mjs";

/** Packs a package's tree into `folder` and returns the tarball. */
export function makeTarball(tree, folder) {
  mkdirSync(folder, { recursive: true });
  const [{ filename }] = JSON.parse(
    run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", resolve(folder)], { cwd: tree }),
  );
  return join(folder, filename);
}

/** Unpacks a tarball into `folder`, emptied before, and returns the package's folder in it. */
export function unpackTarball(tarball, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", folder]);
  return join(folder, "package");
}

/** Every file of a tree, sorted, with forward slashes. */
export function fileList(tree) {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath ?? entry.path, entry.name)
        .slice(tree.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}
