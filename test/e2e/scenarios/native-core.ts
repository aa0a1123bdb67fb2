import { Outcome, TIMConvType, TIMResult } from "tim-chatbridge";
import { digest, groups, users } from "./conversations.js";
import { holds, nativeScenario, same } from "./scenario.js";
import { answered, signIn } from "./sign-in.js";
import { type Called, keep, outcomes, watch } from "./watch.js";

/** Functions and faults of the stand-in, by test/native/standin.h. */
const fn = { all: 0, convDelete: 5, convDeleteList: 6 } as const;
const fault = {
  beforeReturn: 1,
  foreignThread: 2,
  late: 3,
  twice: 4,
  never: 5,
  returnOnly: 8,
  returnAndCallback: 9,
} as const;

nativeScenario("native: a delete from script reaches the core once and calls back once", async (stage) => {
  const bridge = await signIn(stage, ...users("alice", "bob"), ...groups("guild"));
  const heard = watch(bridge);
  const calls: Called[] = [];
  same(bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls), 7), TIMResult.TIM_SUCC, "return");
  same(bridge.ConvDelete("guild", TIMConvType.kTIMConv_Group, keep(calls), 8), TIMResult.TIM_SUCC, "return");
  await stage.until("both messages of both deletions", () => heard.length === 4);
  await stage.frames(3);
  same(
    calls,
    [
      { code: 0, user_data: 7 },
      { code: 0, user_data: 8 },
    ],
    "callbacks",
  );
  same(stage.standIn.DeletedLog(), "me\t1\t1\talice\nme\t2\t1\tguild", "what the core deleted");
  same(digest(stage.received()), digest(heard), "the messages of both sides");
});

nativeScenario("native: ids reach the core as the bytes they are", async (stage) => {
  const ids = ["c2c_a", "group_b", "C2Cc", "GROUPd", "_", '"quoted\\', "会话😀", "a b"];
  const bridge = await signIn(stage, ...users(...ids), ...groups(...ids));
  for (const id of ids) await bridge.deleteConversation({ userId: id });
  const results = await bridge.deleteConversationList(
    ids.map((groupId) => ({ groupId })),
    { clearMessage: true },
  );
  same(
    results.map(({ outcome }) => outcome),
    ids.map(() => Outcome.DELETED),
    "the batch's results",
  );
  const expected = [...ids.map((id) => `me\t1\t1\t${id}`), ...ids.map((id) => `me\t2\t1\t${id}`)];
  same(stage.standIn.DeletedLog(), expected.join("\n"), "what the core deleted");
});

nativeScenario("native: a delete from C# reaches the core and completes under its request id", async (stage) => {
  const bridge = await signIn(stage, ...users("alice"));
  const heard = watch(bridge);
  await stage.frames();
  stage.received();
  same(stage.game.ConvDelete("alice", TIMConvType.kTIMConv_C2C, "C#"), TIMResult.TIM_SUCC, "return");
  await stage.until("its end", () => heard.length === 2);
  await stage.frames(3);
  const received = stage.received();
  same(received.filter(({ name }) => name === "Callback").length, 1, "C#'s callbacks");
  same(digest(received), digest(heard), "the messages of both sides");
  same(stage.standIn.DeletedLog(), "me\t1\t1\talice", "what the core deleted");
});

nativeScenario("native: a batch has one result for each, whether history is cleared or kept", async (stage) => {
  const bridge = await signIn(stage, ...users("alice", "bob"), ...groups("guild"));
  const kept = await bridge.deleteConversationList(["c2c_alice", "group_nobody"], { clearMessage: false });
  same(
    kept.map(({ outcome }) => Outcome[outcome]),
    ["DELETED", "FAILED"],
    "the first batch",
  );
  const cleared = await bridge.deleteConversationList(["group_guild"], { clearMessage: true });
  same(
    cleared.map(({ outcome }) => Outcome[outcome]),
    ["DELETED"],
    "the second batch",
  );
  same(stage.standIn.DeletedLog(), "me\t1\t0\talice\nme\t2\t1\tguild", "what the core deleted");
});

nativeScenario("native: the deletion event comes in both payload forms", async (stage) => {
  const bridge = await signIn(stage, ...users("alice", "bob"));
  const heard = watch(bridge);
  for (const [form, id] of [
    [0, "alice"],
    [1, "bob"],
  ] as const) {
    stage.standIn.SetDelPayload(form);
    await bridge.deleteConversation({ userId: id });
    await stage.until("the event", () =>
      heard.some(({ message }) => JSON.stringify(message).includes(`{"conversations":[{"userId":"${id}"}]}`)),
    );
  }
  await stage.frames(3);
  same(digest(stage.received()), digest(heard), "the messages of both sides");
});

for (const [name, faults, calledBack, deleted] of [
  ["called back before the return", [[fault.beforeReturn, 0]], 1, 1],
  ["called back on a foreign thread", [[fault.foreignThread, 0]], 1, 1],
  ["called back twice", [[fault.twice, 1]], 1, 1],
  [
    "called back twice, before the return",
    [
      [fault.twice, 1],
      [fault.beforeReturn, 0],
    ],
    1,
    1,
  ],
  ["refused by a non-zero return", [[fault.returnOnly, -5]], 0, 0],
  ["refused by a non-zero return, with a callback all the same", [[fault.returnAndCallback, -5]], 0, 0],
] as const) {
  nativeScenario(`native: settled once when ${name}`, async (stage) => {
    const bridge = await signIn(stage, ...users("alice"));
    for (const [which, argument] of faults) stage.standIn.SetFault(which, fn.convDelete, argument);
    const calls: Called[] = [];
    const result = bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls));
    same(result === TIMResult.TIM_SUCC, calledBack === 1, "accepted");
    same(calls, [], "callbacks inside the call");
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(5);
    same(calls.length, calledBack, "callbacks");
    for (const [which] of faults) holds(stage.standIn.FaultFired(which, fn.convDelete) > 0, `fault ${which} fired`);
    same(stage.standIn.DeletedLog() === "" ? 0 : 1, deleted, "conversations deleted");
    const completions = stage.received().filter(({ name: message }) => message === "DeleteCompleted");
    same(completions.length, calledBack, "completions in C#");
  });
}

nativeScenario("native: what one user asked for is not heard as another's", async (stage) => {
  const bridge = await signIn(stage, ...users("alice"));
  stage.standIn.SetFault(fault.late, fn.convDelete, 0);
  const heard = watch(bridge);
  const calls: Called[] = [];
  same(bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls)), TIMResult.TIM_SUCC, "return");
  await answered((callback) => bridge.Login("another", "sig", callback));
  same(calls.length, 1, "callbacks when the user has changed");
  same(outcomes(heard[0]), [Outcome.UNKNOWN], "the outcome");
  stage.standIn.ReleaseHeld();
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(3);
  same(calls.length, 1, "callbacks after the late answer");
  same(heard.filter(({ name }) => name !== "ConversationsDeleted").length, 1, "messages after the late answer");
});

nativeScenario(
  "native: kicked offline, pending calls end as unknown and new ones are refused or fail",
  async (stage) => {
    const bridge = await signIn(stage, ...users("alice", "bob"));
    stage.standIn.SetFault(fault.never, fn.convDelete, 0);
    const calls: Called[] = [];
    same(bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, keep(calls)), TIMResult.TIM_SUCC, "return");
    stage.standIn.KickOffline();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    same(
      bridge.ConvDelete("bob", TIMConvType.kTIMConv_C2C, keep(calls)),
      TIMResult.BRIDGE_ERR_STALE_EPOCH,
      "a delete that script asks for before it has heard",
    );
    await stage.until("the pending call's end", () => calls.length === 1);
    same(stage.standIn.DeletedLog(), "me\t1\t1\talice", "what the core deleted");
  },
);
