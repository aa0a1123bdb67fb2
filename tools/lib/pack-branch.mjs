// A branch that holds nothing but the packed Unity package, for `https://…git#upm` in a project's manifest.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./root.mjs";
import { run } from "./run.mjs";

/**
 * Commits `tree` to a branch of a repository, by default this one, as its whole content. Neither the work tree
 * nor the index is touched, and nothing is pushed. Returns what was done, for people.
 */
export function commitToBranch(branch, tree, repository = root) {
  const scratch = mkdtempSync(join(tmpdir(), "chatbridge-branch-"));
  const git = (...args) =>
    run("git", args, { cwd: repository, env: { GIT_INDEX_FILE: join(scratch, "index") } }).trim();
  try {
    checkName(branch, repository);
    const head = git("rev-parse", "--abbrev-ref", "HEAD");
    if (head === branch)
      throw new Error(`--branch ${branch}: that is the branch of the sources; take another, such as upm.`);
    const holder = worktreeOf(branch, git("worktree", "list", "--porcelain"));
    if (holder !== undefined)
      throw new Error(`--branch ${branch}: ${holder} has it checked out; check out another there.`);
    const source = git("rev-parse", "HEAD");
    git("--work-tree", tree, "add", "--all", "--force", "--", ".");
    const content = git("write-tree");
    const own = git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
    // A fresh clone has what was published before only as the remote's.
    const parent = own || git("for-each-ref", "--format=%(objectname)", `refs/remotes/origin/${branch}`);
    if (parent !== "" && !holdsPackage(git, parent, nameIn(readFileSync(join(tree, "package.json"), "utf8")))) {
      throw new Error(
        `--branch ${branch}: there is such a branch, and it holds no Unity package; take another, such as upm.`,
      );
    }
    if (own !== "" && git("rev-parse", `${own}^{tree}`) === content) return `branch ${branch} has this package already`;
    const message = `Unity package of ${source.slice(0, 12)}`;
    const commit = git("commit-tree", content, ...(parent === "" ? [] : ["-p", parent]), "-m", message);
    git("update-ref", `refs/heads/${branch}`, commit, own || "0".repeat(40));
    return `branch ${branch}: ${commit.slice(0, 12)}. Not pushed: git push origin ${branch}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function checkName(branch, repository) {
  const given = JSON.stringify(branch);
  try {
    if (run("git", ["check-ref-format", "--branch", branch], { cwd: repository }).trim() !== branch) throw new Error();
  } catch {
    throw new Error(`--branch ${given}: that is no name of a branch; take one such as upm.`);
  }
  if (branch === "HEAD" || branch.startsWith("refs/")) {
    throw new Error(`--branch ${given}: that is a name of git's own; take one such as upm.`);
  }
}

/** The script's own package.json, at the root of the sources, has another name. */
function holdsPackage(git, commit, name) {
  return (
    git("ls-tree", "--name-only", commit, "package.json") !== "" &&
    nameIn(git("show", `${commit}:package.json`)) === name
  );
}

function nameIn(manifest) {
  return JSON.parse(manifest).name;
}

/** The work tree in which a branch is checked out: its files would no longer be those of its commit. */
function worktreeOf(branch, listed) {
  const holder = listed.split("\n\n").find((one) => one.split("\n").includes(`branch refs/heads/${branch}`));
  return holder === undefined ? undefined : /^worktree (.*)$/m.exec(holder)?.[1];
}
