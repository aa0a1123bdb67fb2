import { connect, Outcome, TIMConvType, TIMResult, toConvID } from "tim-chatbridge";
import { EmbeddedCore, EmbeddedServer } from "tim-chatbridge/embedded-core";
import { digest, groups, users } from "./conversations.js";
import { type Stage, same, scenario } from "./scenario.js";
import { type Called, keep, watch } from "./watch.js";

function open(stage: Stage, ...conversations: ReturnType<typeof users>) {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }) });
  stage.cleanUp(() => bridge.close());
  return bridge;
}

scenario(
  "a delete from script calls back once, and both sides get the same messages in the same order",
  async (stage) => {
    const bridge = open(stage, ...users("alice", "bob"), ...groups("guild"));
    const heard = watch(bridge);
    const calls: Called[] = [];
    same(bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls), "for alice"), TIMResult.TIM_SUCC, "return");
    same(
      bridge.ConvDelete("guild", TIMConvType.kTIMConv_Group, keep(calls), "for guild"),
      TIMResult.TIM_SUCC,
      "return",
    );
    same(calls, [], "callbacks inside the call");
    await stage.until("both messages of both deletions", () => heard.length === 4);
    await stage.frames(3);
    same(
      calls,
      [
        { code: 0, user_data: "for alice" },
        { code: 0, user_data: "for guild" },
      ],
      "callbacks",
    );
    const received = stage.received();
    same(digest(received), digest(heard), "the messages of both sides");
    same(digest(heard).length, 4, "messages");
    same(
      (await bridge.getConversationList()).map(({ key }) => key),
      [{ userId: "bob" }],
      "the list afterwards",
    );
  },
);

scenario("a delete from C# is carried out by script's core and completes under its request id", async (stage) => {
  const bridge = open(stage, ...users("alice", "bob"));
  const heard = watch(bridge);
  await stage.frames();
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, "C#'s own"), TIMResult.TIM_SUCC, "return");
  same(stage.received(), [], "messages inside the call");
  await stage.until("the deletion event", () => heard.length === 2);
  await stage.frames(3);
  const received = stage.received();
  same(
    received.filter(({ name }) => name === "Callback"),
    [{ name: "Callback", message: { code: 0, userData: "C#'s own" } }],
    "C#'s callback",
  );
  same(digest(received), digest(heard), "the messages of both sides");
  const { requestId } = (heard[0]?.message ?? { requestId: 0 }) as { requestId: number };
  same(requestId > 0, true, "script's side is told C#'s request id");
});

scenario("a batch from C# that keeps the history, and one from script", async (stage) => {
  const server = new EmbeddedServer();
  const conversations = [...users("alice", "bob"), ...groups("guild", "raid")];
  const bridge = connect({ core: new EmbeddedCore({ server, userId: "me", conversations }) });
  stage.cleanUp(() => bridge.close());
  const heard = watch(bridge);
  await stage.frames();
  same(stage.game.ConvDeleteList("c2c_alice\ngroup_guild", false), TIMResult.TIM_SUCC, "return");
  await stage.until("C#'s batch", () => heard.length === 2);
  const results = await bridge.deleteConversationList(["C2Cbob", "GROUPraid", "c2c_nobody"], { clearMessage: true });
  await stage.frames(3);
  same(
    results.map(({ conversation, outcome }) => `${toConvID(conversation)} ${Outcome[outcome]}`),
    ["c2c_bob DELETED", "group_raid DELETED", "c2c_nobody FAILED"],
    "script's results",
  );
  same(digest(stage.received()), digest(heard), "the messages of both sides");
});

scenario("an unknown id is refused by the core, and rejects with its code", async (stage) => {
  const bridge = open(stage, ...users("alice"));
  const error = await bridge.deleteConversation("c2c_nobody").then(
    () => undefined,
    (thrown: { code: number; outcome: Outcome }) => thrown,
  );
  same(error?.code, 6004, "the code");
  same(error?.outcome, Outcome.FAILED, "the outcome");
  same((await bridge.getConversationList()).length, 1, "conversations left");
});

scenario("a second client sees the deletion only if the console's switch is on", async (stage) => {
  for (const syncDeletionAcrossClients of [false, true]) {
    const server = new EmbeddedServer({ syncDeletionAcrossClients });
    const conversations = users("alice", "bob");
    const first = connect({ core: new EmbeddedCore({ server, userId: "me", conversations }), plugin: false });
    const second = connect({ core: new EmbeddedCore({ server, userId: "me" }), plugin: false });
    stage.cleanUp(() => first.close());
    stage.cleanUp(() => second.close());
    const heard = watch(second);
    await first.deleteConversation("c2c_alice");
    const listed = (await second.getConversationList()).map(({ key }) => key);
    same(listed.length, syncDeletionAcrossClients ? 1 : 2, "the second client's list");
    same(heard.length, syncDeletionAcrossClients ? 1 : 0, "the second client's events");
  }
});

scenario("ten thousand closures outstanding at once are each called once, in order", async (stage) => {
  const count = 10_000;
  const ids = Array.from({ length: count }, (_, i) => `user${i}`);
  const bridge = open(stage, ...users(...ids));
  const calls: number[] = [];
  for (const [i, id] of ids.entries()) {
    const result = bridge.ConvDelete(id, TIMConvType.kTIMConv_C2C, (code) => calls.push(code === 0 ? i : -1));
    if (result !== TIMResult.TIM_SUCC) same(result, TIMResult.TIM_SUCC, `return of delete ${i}`);
  }
  same(bridge.pendingCalls, count, "calls outstanding");
  same(calls.length, 0, "callbacks before a frame");
  await stage.until("all callbacks", () => calls.length === count);
  await stage.frames(3);
  same(calls.length, count, "callbacks");
  same(
    calls.every((call, i) => call === i),
    true,
    "their order",
  );
  same(bridge.pendingCalls, 0, "calls outstanding at the end");
});

scenario("C# holds one script function a session, however many closures are outstanding", async (stage) => {
  const ids = Array.from({ length: 500 }, (_, i) => `user${i}`);
  const before = stage.functionsHandedOver();
  const bridge = open(stage, ...users(...ids));
  let calls = 0;
  for (const id of ids) {
    same(
      bridge.ConvDelete(id, TIMConvType.kTIMConv_C2C, () => calls++),
      TIMResult.TIM_SUCC,
      "return",
    );
  }
  await stage.until("all callbacks", () => calls === ids.length);
  same(stage.functionsHandedOver() - before, 1, "script functions that C# was given");
});
