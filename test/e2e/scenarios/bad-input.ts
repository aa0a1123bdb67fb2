import { connect, TIMConvType, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";
import { same, scenario } from "./scenario.js";
import { type Called, keep } from "./watch.js";

const c2c = TIMConvType.kTIMConv_C2C;

/** What is wrong, the id, the type, and a word that the error must have. */
const badDeletes: readonly (readonly [string, unknown, unknown, string])[] = [
  ["null", null, c2c, "null"],
  ["undefined", undefined, c2c, "undefined"],
  ["a number", 7, c2c, "7"],
  ["an empty id", "", c2c, "empty"],
  ["an over-long id", "x".repeat(33), c2c, "33 bytes"],
  ["a NUL inside", "ali\0ce", c2c, "NUL"],
  ["a lone surrogate", "a\ud800", c2c, "surrogate"],
  ["type 0", "alice", 0, "type"],
  ["type 3", "alice", 3, "type"],
  ["type 9", "alice", 9, "type"],
  ["a type that is no number", "alice", "1", "type"],
];

scenario("bad ids and types from script are refused with a clear word, and nothing is deleted", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations: users("alice", "ali") }) });
  stage.cleanUp(() => bridge.close());
  for (const [what, id, type, word] of badDeletes) {
    const calls: Called[] = [];
    same(
      bridge.ConvDelete(id as string, type as TIMConvType, keep(calls)),
      TIMResult.TIM_ERR_PARAM,
      `return for ${what}`,
    );
    const message = bridge.lastError?.message ?? "";
    same(message.includes(word), true, `the error about ${what} says "${word}": ${message}`);
    await stage.frames();
    same(calls, [], `callbacks for ${what}`);
  }
  same((await bridge.getConversationList()).length, 2, "conversations left");
  same(stage.received(), [], "messages in C#");
  await bridge.deleteConversation("c2c_alice");
});

scenario("bad ids and types from C# are refused with a clear word, and nothing is deleted", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations: users("alice", "ali") }) });
  stage.cleanUp(() => bridge.close());
  await stage.frames();
  for (const [id, type] of [
    ["", 1],
    ["x".repeat(33), 1],
    ["ali\0ce", 1],
    ["alice", 0],
    ["alice", 3],
    ["alice", 9],
  ] as const) {
    same(
      stage.game.ConvDelete(id, type, ""),
      TIMResult.TIM_ERR_PARAM,
      `return for ${JSON.stringify(id)}, type ${type}`,
    );
    same(stage.game.LastError() !== "", true, "the error says why");
  }
  await stage.frames(3);
  same(stage.received(), [], "messages in C#");
  same((await bridge.getConversationList()).length, 2, "conversations left");
  same(stage.game.ConvDelete("alice", 1, ""), TIMResult.TIM_SUCC, "a good one afterwards");
  await stage.frames(5);
  same(stage.received().filter(({ name }) => name === "Callback").length, 1, "its callback");
});

scenario("bad batches are refused with a clear word, and nothing is deleted", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations: users("alice") }) });
  stage.cleanUp(() => bridge.close());
  const list = (ids: unknown, clear: unknown = true) =>
    bridge.ConvDeleteConversationList(ids as string[], clear as boolean, () => same(true, false, "no callback"));
  const bad: readonly (readonly [string, () => number, string])[] = [
    ["101 ids", () => list(Array.from({ length: 101 }, (_, i) => `c2c_u${i}`)), "101"],
    ["an empty list", () => list([]), "empty"],
    ["null", () => list(null), "array"],
    ["a bare id", () => list(["alice"]), "c2c_"],
    ["one bad id among good ones", () => list(["c2c_alice", "c2c_"]), "conversation 1"],
    ["no clear_message", () => list(["c2c_alice"], null), "clear_message"],
  ];
  for (const [what, call, word] of bad) {
    same(call(), TIMResult.TIM_ERR_PARAM, `return for ${what}`);
    const message = bridge.lastError?.message ?? "";
    same(message.includes(word), true, `the error about ${what} says "${word}": ${message}`);
  }
  await stage.frames(3);
  same((await bridge.getConversationList()).length, 1, "conversations left");
});
