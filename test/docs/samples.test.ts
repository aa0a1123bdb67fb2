// The samples in a game: what is kept of them by the linker, and what a game without PuerTS gets to see.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linkerMarks } from "../../tools/lib/pack-assemblies.mjs";
import { read, root } from "./markdown.js";
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
  const marks = linkerMarks([compile(samples)]);
  expect(reached.filter((member) => !marks.includes(`Assembly-CSharp ${member}: PreserveAttribute`))).toEqual([]);
});

test("without PuerTS they do not compile, in the words that the documents have", () => {
  let said = "";
  try {
    compile(samples, "player, without PuerTS");
  } catch (error) {
    said = (error as Error).message;
  }
  const errors = [...new Set(said.match(/error CS\d+: .*/g))];
  const expected = "error CS0246: The type or namespace name 'Puerts' could not be found";
  expect(errors[0]).toContain(expected);
  expect(errors.filter((line) => !/CS0246.*'(?:Puerts|ScriptEnvironment)'/.test(line))).toEqual([]);
  const tellers = ["Documentation~/install.md", "Samples~/ChatList/README.md", "Samples~/DeleteConversation/README.md"];
  const silent = tellers.filter((file) => !read(`unity-plugin/${file}`).replaceAll(/\s+/g, " ").includes(expected));
  expect(silent).toEqual([]);
});

test("a sample that says nothing of PuerTS's error compiles without PuerTS", () => {
  compile(join(samples, "AttachToSession"), "player, without PuerTS");
});
