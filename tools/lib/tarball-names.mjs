// Which tarballs of ours the packages' documents name: the READMEs, and every page in the Unity package, its samples' included.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileList } from "./pack-tarball.mjs";

/** Each place where a document in `folder`, the sources, names one. */
export function tarballNames(folder) {
  const plugin = "unity-plugin";
  const pages = fileList(join(folder, plugin)).filter((page) => page.endsWith(".md"));
  return ["README.md", "npm/README.md", ...pages.map((page) => `${plugin}/${page}`)].flatMap((file) =>
    (readFileSync(join(folder, file), "utf8").match(/[\w.-]*chatbridge[\w.-]*\.tgz\b/g) ?? []).map((tarball) => ({
      file,
      tarball,
    })),
  );
}
