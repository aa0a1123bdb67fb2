// A branch that holds nothing but the packed Unity package, for `https://…git#upm` in a project's manifest.
import { mkdtempSync, rmSync } from "node:fs";
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
    const head = git("rev-parse", "--abbrev-ref", "HEAD");
    if (head === branch)
      throw new Error(`--branch ${branch}: that is the branch of the sources; take another, such as upm.`);
    const holder = worktreeOf(branch, git("worktree", "list", "--porcelain"));
    if (holder !== undefined)
      throw new Error(`--branch ${branch}: ${holder} has it checked out; check out another there.`);
    const source = git("rev-parse", "HEAD");
    git("--work-tree", tree, "add", "--all", "--force", "--", ".");
    const content = git("write-tree");
    const parent = git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`);
    if (parent !== "" && git("rev-parse", `${parent}^{tree}`) === content)
      return `branch ${branch} has this package already`;
    const message = `Unity package of ${source.slice(0, 12)}`;
    const commit = git("commit-tree", content, ...(parent === "" ? [] : ["-p", parent]), "-m", message);
    git("update-ref", `refs/heads/${branch}`, commit, parent === "" ? "0".repeat(40) : parent);
    return `branch ${branch}: ${commit.slice(0, 12)}. Not pushed: git push origin ${branch}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The work tree in which a branch is checked out: its files would no longer be those of its commit. */
function worktreeOf(branch, listed) {
  const holder = listed.split("\n\n").find((one) => one.split("\n").includes(`branch refs/heads/${branch}`));
  return holder === undefined ? undefined : /^worktree (.*)$/m.exec(holder)?.[1];
}
