// What the packing refuses: assemblies that a game, a platform or a PuerTS would go without, and samples that nobody is offered.
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isForPlatform, platforms } from "../../tools/lib/definition-platforms.mjs";
import { definitionFaults } from "../../tools/lib/pack-definitions.mjs";
import { sampleFaults } from "../../tools/lib/pack-samples.mjs";
import { root } from "../../tools/lib/root.mjs";

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "chatbridge-definitions-"));
  // What they read, and the folders.
  const filter = (path: string) => statSync(path).isDirectory() || /\.asmdef$|package\.json$/.test(path);
  cpSync(join(root, "unity-plugin"), tree, { recursive: true, filter });
});
afterEach(() => rmSync(tree, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: it is broken in every way
function edit(file: string, change: (json: any) => void): void {
  const json = JSON.parse(readFileSync(join(tree, file), "utf8"));
  change(json);
  writeFileSync(join(tree, file), JSON.stringify(json));
}

const core = "Runtime/TimChatBridge.asmdef";
const unity = "Runtime/Unity/TimChatBridge.Unity.asmdef";
const puerts = "Runtime/Puerts/TimChatBridge.Puerts.asmdef";
const sample = "Samples~/ChatList/TimChatBridge.Samples.ChatList.asmdef";

describe("assembly definitions", () => {
  test("there is no fault in ours", () => expect(definitionFaults(tree)).toEqual([]));

  test.each([
    [core, { autoReferenced: false }, /^TimChatBridge\.asmdef has autoReferenced: false/],
    [unity, { excludePlatforms: ["Android", "iOS"] }, /^TimChatBridge\.Unity\.asmdef is not there on Android, iOS:/],
    [core, { includePlatforms: ["Editor", "Android"] }, /^TimChatBridge\.asmdef is not there on .*\biOS\b/],
    [unity, { includePlatforms: ["Editor"] }, /^TimChatBridge\.Unity\.asmdef is for the editor alone/],
    [puerts, { defineConstraints: [] }, /would be compiled where there is no PuerTS/],
    [
      sample,
      { defineConstraints: [] },
      /^TimChatBridge\.Samples\.ChatList\.asmdef would be compiled where there is no/,
    ],
  ])("%s with %j", (file, change, fault) => {
    edit(file, (json) => Object.assign(json, change));
    expect(definitionFaults(tree)).toEqual([expect.stringMatching(fault)]);
  });

  test.each([
    ["[1.0.0,3.0.2]", "3.0.3, 3.9.0, 4.0.0, 10.0.0"],
    ["[1.0.0,4.0.0)", "4.0.0, 10.0.0"],
    ["3.0.0", "1.4.1, 2.0.0, 2.2.3, 3.0.0-preview.1"],
    ["[3.0.2]", "1.4.1, 2.0.0, 2.2.3, 3.0.0-preview.1, 3.0.3, 3.9.0, 4.0.0, 10.0.0"],
  ])("a versionDefines of %s leaves out %s", (expression, versions) => {
    edit(puerts, (json) => {
      json.versionDefines[0].expression = expression;
    });
    expect(definitionFaults(tree)).toEqual([expect.stringContaining(`leaves out PuerTS ${versions}:`)]);
  });

  test.each([
    [{ excludePlatforms: ["IOS"] }, "Mine.asmdef names IOS, which is no platform of Unity's"],
    [{ includePlatforms: ["Editor"], excludePlatforms: ["iOS"] }, "Unity takes one of them"],
  ])("Unity would refuse %j", (lists, why) => {
    expect(() => isForPlatform({ name: "Mine", ...lists }, "iOS")).toThrow(why);
  });

  test("lists that say nothing mean every platform", () => {
    expect(platforms.filter((platform) => !isForPlatform({ name: "Mine" }, platform))).toEqual([]);
  });
});

describe("samples", () => {
  test("there is no fault in ours", () => expect(sampleFaults(tree)).toEqual([]));

  test.each([
    [
      "a wrong path",
      "Samples~/Chatlist",
      ["Samples~/ChatList is listed 0 times", "there is no sample Samples~/Chatlist"],
    ],
    ["the path of another", "Samples~/DeleteConversation", ["DeleteConversation is listed 2", "ChatList is listed 0"]],
    ["no sample's path", "Runtime", ["Samples~/ChatList is listed 0 times", "there is no sample Runtime"]],
  ])("%s", (_name, path, faults) => {
    edit("package.json", ({ samples }) => {
      samples[1].path = path;
    });
    const found = sampleFaults(tree);
    expect(found).toHaveLength(faults.length);
    for (const fault of faults) expect(found).toContainEqual(expect.stringContaining(fault));
  });

  test("one that is missing", () => {
    edit("package.json", ({ samples }) => samples.pop());
    expect(sampleFaults(tree)).toEqual([expect.stringContaining("Samples~/AttachToSession is listed 0 times")]);
  });

  test.each(["displayName", "description"])("no %s", (key) => {
    edit("package.json", ({ samples }) => {
      samples[0][key] = " ";
    });
    expect(sampleFaults(tree)).toEqual([`Samples~/DeleteConversation has no ${key}`]);
  });

  test("two of one name", () => {
    edit("package.json", ({ samples }) => {
      samples[0].displayName = samples[1].displayName;
    });
    expect(sampleFaults(tree)).toHaveLength(2);
  });
});
