import { connect, TIMConvType, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";
import { same, scenario } from "./scenario.js";
import { type Called, keep, outcomes, watch } from "./watch.js";

const core = () => new EmbeddedCore({ userId: "me", conversations: users("alice", "bob") });

scenario("before script has connected, C# is refused with a word about it", async (stage) => {
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, ""), TIMResult.TIM_ERR_SDKUNINIT, "return");
  same(stage.game.LastError().includes("connect"), true, `the error names what to do: ${stage.game.LastError()}`);
  await stage.frames(3);
  same(stage.received(), [], "messages");
});

scenario("a bridge that is closed settles what it had and opens again", async (stage) => {
  const first = connect({ core: core() });
  const calls: Called[] = [];
  same(first.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls)), TIMResult.TIM_SUCC, "return");
  first.close();
  same(calls.length, 1, "callbacks at close");
  same(
    first.ConvDelete("bob", TIMConvType.kTIMConv_C2C, keep(calls)),
    TIMResult.BRIDGE_ERR_CLOSED,
    "return after close",
  );
  await stage.frames(3);
  const second = connect({ core: core() });
  stage.cleanUp(() => second.close());
  await second.deleteConversation("c2c_alice");
  await stage.frames(3);
  same(calls.length, 1, "callbacks of the first bridge");
});

scenario("a later connect takes over: the earlier bridge settles and says that it was replaced", async (stage) => {
  const errors: unknown[] = [];
  const first = connect({ core: core(), onError: (error) => errors.push(error) });
  stage.cleanUp(() => first.close());
  const calls: Called[] = [];
  same(first.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls)), TIMResult.TIM_SUCC, "return");
  const second = connect({ core: core() });
  stage.cleanUp(() => second.close());
  await stage.until("the first bridge's call to end", () => calls.length === 1);
  await stage.frames(3);
  same(first.ConvDelete("bob", TIMConvType.kTIMConv_C2C) !== TIMResult.TIM_SUCC, true, "the first bridge refuses");
  same(
    errors.map((error) => (error as { code: number }).code).includes(TIMResult.BRIDGE_ERR_REPLACED),
    true,
    "it says why",
  );
  await second.deleteConversation("c2c_alice");
});

scenario("a bridge that is closed with a C# request under way settles it", async (stage) => {
  const bridge = connect({ core: core() });
  await stage.frames();
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, "C#"), TIMResult.TIM_SUCC, "return");
  bridge.close();
  await stage.frames(3);
  const received = stage.received();
  same(received.filter(({ name }) => name === "Callback").length, 1, "C#'s callbacks");
  const completion = received.find(({ name }) => name === "DeleteCompleted");
  same(outcomes(completion), ["OUTCOME_NOT_SENT"], "the outcome of what script had not seen");
});

scenario("fifty restarts leave nothing behind", async (stage) => {
  for (let round = 0; round < 50; round++) {
    const bridge = connect({ core: core() });
    const heard = watch(bridge);
    await bridge.deleteConversation("c2c_alice");
    await stage.until("both messages", () => heard.length === 2);
    bridge.close();
    await stage.frames();
  }
  same(stage.received().filter(({ name }) => name === "DeleteCompleted").length, 50, "completions in C#");
});

scenario("a C# listener that throws stops no other", async (stage) => {
  const bridge = connect({ core: core() });
  stage.cleanUp(() => bridge.close());
  stage.game.ThrowInListeners();
  await bridge.deleteConversation("c2c_alice");
  await stage.frames(3);
  const names = stage.received().map(({ name }) => name);
  same(names.filter((name) => name === "ListenerFailed").length, 1, "failures told");
  same(names.includes("DeleteCompleted") && names.includes("ConversationsDeleted"), true, "the other listeners hear");
});

scenario("callbacks that throw, delete again or close from inside harm nothing", async (stage) => {
  const errors: unknown[] = [];
  const bridge = connect({ core: core(), onError: (error) => errors.push(error) });
  stage.cleanUp(() => bridge.close());
  const calls: string[] = [];
  bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, () => {
    calls.push("alice");
    bridge.ConvDelete("bob", TIMConvType.kTIMConv_C2C, () => {
      calls.push("bob");
      bridge.close();
    });
    throw new Error("a callback threw");
  });
  await stage.until("both callbacks", () => calls.length === 2);
  await stage.frames(3);
  same(calls, ["alice", "bob"], "callbacks");
  same(errors.length, 1, "errors told");
  same(stage.received().filter(({ name }) => name === "DeleteCompleted").length, 2, "completions in C#");
});

scenario("while the game forbids deletions none is carried out for C#", async (stage) => {
  const bridge = connect({ core: core() });
  stage.cleanUp(() => bridge.close());
  await stage.frames();
  stage.game.AllowDeletions(false);
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, ""), TIMResult.BRIDGE_ERR_VETOED, "return");
  same(bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C), TIMResult.BRIDGE_ERR_VETOED, "script's own return");
  stage.game.AllowDeletions(true);
  await stage.frames(3);
  same((await bridge.getConversationList()).length, 2, "conversations left");
});

scenario("a change of user that the game tells of ends what was pending", async (stage) => {
  const bridge = connect({ core: core() });
  stage.cleanUp(() => bridge.close());
  await stage.frames();
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, ""), TIMResult.TIM_SUCC, "return");
  stage.game.NotifySession();
  await stage.frames(3);
  const completion = stage.received().find(({ name }) => name === "DeleteCompleted");
  same(outcomes(completion), ["OUTCOME_NOT_SENT"], "the outcome of what an earlier user asked for");
  same((await bridge.getConversationList()).length, 2, "conversations left");
});
