import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commitToBranch } from "../../tools/lib/pack-branch.mjs";

let scratch: string;
let repository: string;
let tree: string;

const git = (...args: string[]): string =>
  execFileSync("git", args, { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** What a clone of the branch holds, which is what Unity's package manager makes of `…git#upm`. */
function cloned(): string[] {
  const clone = join(scratch, "clone");
  rmSync(clone, { recursive: true, force: true });
  git("clone", "--quiet", "--depth=1", "--branch", "upm", `file://${repository}`, clone);
  return git("-C", clone, "ls-files").split("\n");
}

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "chatbridge-branch-"));
  repository = join(scratch, "repository");
  tree = join(scratch, "tree");
  mkdirSync(repository);
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "test");
  git("config", "user.email", "test@example.invalid");
  write(repository, "src/index.ts", "source");
  write(repository, ".gitignore", "*.dll\nnode_modules\n");
  git("add", "--all");
  git("commit", "--quiet", "--message=sources");
  write(tree, "package.json", '{ "name": "com.example.package" }');
  write(tree, "package.json.meta", "guid");
  write(tree, "Runtime/Plugins/Packed.dll", "ignored by the sources' .gitignore");
  write(tree, "Samples~/One/game.ts", "sample");
});
afterEach(() => rmSync(scratch, { recursive: true }));

describe("a release branch", () => {
  test("holds the package and nothing else; the sources, their index and their branch stay as they are", () => {
    write(repository, "src/index.ts", "being worked on");
    write(repository, "staged.ts", "staged");
    git("add", "staged.ts");
    const before = [git("status", "--porcelain"), git("rev-parse", "HEAD"), git("branch", "--show-current")];
    expect(commitToBranch("upm", tree, repository)).toMatch(
      /^branch upm: [0-9a-f]{12}\. Not pushed: git push origin upm$/,
    );
    expect([git("status", "--porcelain"), git("rev-parse", "HEAD"), git("branch", "--show-current")]).toEqual(before);
    expect(cloned()).toEqual([
      "Runtime/Plugins/Packed.dll",
      "Samples~/One/game.ts",
      "package.json",
      "package.json.meta",
    ]);
    expect(git("show", "upm:Runtime/Plugins/Packed.dll")).toBe("ignored by the sources' .gitignore");
    expect(git("log", "--format=%s", "upm")).toBe(`Unity package of ${git("rev-parse", "HEAD").slice(0, 12)}`);
  });

  test("grows by one commit for each package that is another", () => {
    commitToBranch("upm", tree, repository);
    const first = git("rev-parse", "upm");
    expect(commitToBranch("upm", tree, repository)).toBe("branch upm has this package already");
    expect(git("rev-parse", "upm")).toBe(first);
    rmSync(join(tree, "Samples~"), { recursive: true });
    write(tree, "package.json", '{ "name": "com.example.package", "version": "2.0.0" }');
    commitToBranch("upm", tree, repository);
    expect(git("rev-parse", "upm^")).toBe(first);
    expect(cloned()).toEqual(["Runtime/Plugins/Packed.dll", "package.json", "package.json.meta"]);
  });

  test("is not the branch of the sources", () => {
    const head = git("rev-parse", "HEAD");
    expect(() => commitToBranch("main", tree, repository)).toThrow(
      "--branch main: that is the branch of the sources; take another, such as upm.",
    );
    expect(git("rev-parse", "main")).toBe(head);
  });

  test("is not one that another work tree has checked out: its files would no longer be its commit's", () => {
    commitToBranch("upm", tree, repository);
    const other = join(scratch, "other");
    git("worktree", "add", "--quiet", other, "upm");
    write(tree, "package.json", "{}");
    expect(() => commitToBranch("upm", tree, repository)).toThrow(/--branch upm: .* has it checked out/);
    expect(readFileSync(join(other, "package.json"), "utf8")).toContain("com.example.package");
  });

  test.each([["HEAD"], [""], ["-x"], ["a b"], ["refs/heads/q"]])("is not made of the name %j", (name) => {
    const before = git("for-each-ref");
    expect(() => commitToBranch(name, tree, repository)).toThrow(/^--branch .*take one such as upm\.$/);
    expect(git("for-each-ref")).toBe(before);
  });

  test("is never put on top of sources", () => {
    git("branch", "develop");
    const before = git("rev-parse", "develop");
    expect(() => commitToBranch("develop", tree, repository)).toThrow("it holds no Unity package; take another");
    expect(git("rev-parse", "develop")).toBe(before);
  });

  test("goes on where a fresh clone has it as the remote's only", () => {
    commitToBranch("upm", tree, repository);
    const published = git("rev-parse", "upm");
    const clone = join(scratch, "fresh");
    git("clone", "--quiet", `file://${repository}`, clone);
    write(tree, "Runtime/New.cs", "new");
    git("-C", clone, "config", "user.name", "test");
    git("-C", clone, "config", "user.email", "test@example.invalid");
    commitToBranch("upm", tree, clone);
    expect(git("-C", clone, "rev-parse", "upm~1")).toBe(published);
  });
});
