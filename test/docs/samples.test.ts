// The samples in a game: what is kept of them by the linker, and what a game without PuerTS gets to see.
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { linkerMarks } from "../../tools/lib/pack-assemblies.mjs";
import { read, root, tableRows } from "./markdown.js";
import { reachedByScript } from "./reached-by-script.js";
import { unityGame } from "./unity-game.js";

const samples = join(root, "unity-plugin/Samples~");
const compile = unityGame(join(root, ".cache/docs/samples"));

/** The TypeScript files of each sample. */
const scripts = readdirSync(samples).map((name) =>
  readdirSync(join(samples, name))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(samples, name, file), "utf8")),
);

test("what script alone reaches in them is marked [Preserve], in what Unity compiles", () => {
  const reached = scripts.flatMap((files) => files.flatMap((text) => reachedByScript(text, files)));
  const classes = ["ChatListRows", "ChatListScreen", "ScriptedChatListWindow"];
  expect(reached.filter((name) => /^TimChatBridge\.Samples\.\w+$/.test(name)).sort()).toEqual(
    classes.map((name) => `TimChatBridge.Samples.${name}`),
  );
  expect(reached.length).toBe(classes.length + 8);
  const marks = linkerMarks(compile(samples)).map((mark) => mark.replace(/^\S+ /, ""));
  expect(reached.filter((member) => !marks.includes(`${member}: PreserveAttribute`))).toEqual([]);
});

/** The samples that run in PuerTS, by their folders' names. */
const inPuerts = ["ChatList", "DeleteConversation"];
const compiled = (files: readonly string[]) => files.map((file) => basename(file, ".dll")).sort();

test("without PuerTS Unity leaves those out that run in it, and compiles the rest", () => {
  const assemblies = inPuerts.map((name) => `TimChatBridge.Samples.${name}`);
  expect(compiled(compile(samples))).toEqual(["Assembly-CSharp", ...assemblies]);
  expect(compiled(compile(samples, "player, without PuerTS"))).toEqual(["Assembly-CSharp"]);
  for (const name of inPuerts) expect(compile(join(samples, name), "player, without PuerTS")).toEqual([]);
});

test("a symbol that PuerTS has left behind fails as the page Install says, which says what to do", () => {
  const left = "TIM_CHATBRIDGE_PUERTS";
  const compiling = (): unknown => compile(samples, "player, without PuerTS", left);
  expect(compiling).toThrow(/^TimChatBridge\.Puerts\.dll does not compile:\n.*error CS0246: .*'Puerts'/);
  const words = new RegExp(
    `fails with CS0246 about \`Puerts\`[\\s\\S]*take \`${left}\` out of the scripting define symbols`,
  );
  expect(read("unity-plugin/Documentation~/install.md")).toMatch(words);
});

test.each(inPuerts)(
  "the definition of %s is what spares a game without PuerTS its errors, and leaves it any backend",
  (name) => {
    const copy = join(root, ".cache/docs/undefined", name);
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(samples, name), copy, { recursive: true, filter: (path) => !path.endsWith(".asmdef") });
    expect(() => compile(copy, "player, without PuerTS")).toThrow("error CS0246");
    const asmdef = JSON.parse(readFileSync(join(samples, name, `TimChatBridge.Samples.${name}.asmdef`), "utf8"));
    const backends = ["v8", "quickjs", "webgl"].map((backend) => `com.tencent.puerts.${backend}`);
    expect(asmdef.references).toEqual(expect.arrayContaining(backends));
  },
);

test("who attaches reads of each of the four calls as a change, in the sample's README and in its C#", () => {
  const csharp = read("unity-plugin/Samples~/AttachToSession/AttachedSession.cs");
  const example = /<code>([\s\S]*)<\/code>/.exec(csharp)?.[1] ?? "";
  const parts = example.split("AttachedSession.Change(change =>").slice(1);
  const rows = tableRows(read("unity-plugin/Samples~/AttachToSession/README.md"), /^`(?:Init|Login|Logout|Uninit)`/);
  for (const call of ["Init", "Login", "Logout", "Uninit"]) {
    const done = call === "Uninit" ? "Done(coreLetGo: accepted)" : "Done()";
    const [, when] = rows.find(([cell]) => cell?.includes(`\`${call}\``)) ?? [];
    expect(when, call).toContain(`\`change.${done}\``);
    const [part, ...others] = parts.filter((each) => each.includes(`TencentIMSDK.${call}(`));
    expect(others).toEqual([]);
    expect(part, call).toContain(`change.${done}`);
    if (call === "Init") expect(part).toContain("AttachedSession.OnInitialised();");
  }
  expect(parts).toHaveLength(4);
});

test("the documents tell what a game without PuerTS gets to see of them", () => {
  const tellers = ["Documentation~/install.md", ...inPuerts.map((name) => `Samples~/${name}/README.md`)];
  const silent = tellers.filter((file) => !/Unity\s+leaves\s+(?:it|them)\s+out/.test(read(`unity-plugin/${file}`)));
  expect(silent).toEqual([]);
});
