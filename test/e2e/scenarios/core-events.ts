import { type Bridge, connect, TIMConvType, TIMLoginStatus, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";
import { holds, nativeScenario, type Stage, same, scenario } from "./scenario.js";
import { answered, signIn } from "./sign-in.js";
import { type Called, keep } from "./watch.js";

const { kTIMConv_C2C: C2C } = TIMConvType;
const fn = { convDelete: 5, onConvEvent: 12 } as const;
const fault = { late: 3, updateAfterDel: 19, eventFlood: 20 } as const;

/** What script hears of the core, as "name detail". */
function journal(bridge: Bridge): string[] {
  const heard: string[] = [];
  const ids = (conversations: readonly { readonly info: { readonly conv_id: string } }[]): string =>
    conversations.map(({ info }) => info.conv_id).join();
  bridge.onConversationAdded(({ conversations }) => heard.push(`ConversationsAdded ${ids(conversations)}`));
  bridge.onConversationUpdated(({ conversations }) => heard.push(`ConversationsUpdated ${ids(conversations)}`));
  bridge.onConversationListReset(({ conversations }) => heard.push(`ConversationListReset ${ids(conversations)}`));
  bridge.onConversationListSync(({ state }) => heard.push(`ConversationListSync ${state}`));
  bridge.onConversationDeleted(({ conversations }) =>
    heard.push(`ConversationsDeleted ${conversations.map((key) => Object.values(key)[0]).join()}`),
  );
  bridge.onSessionChanged(({ kind }) => heard.push(`SessionChanged ${kind}`));
  bridge.onConnectionChanged(({ status }) => heard.push(`ConnectionChanged ${status}`));
  return heard;
}

/** The same of what C# received. */
function received(stage: Stage): string[] {
  return stage
    .received()
    .filter(({ name }) => name !== "DeleteCompleted")
    .map(({ name, message }) => {
      const { conversations, state, kind, status } = message as {
        conversations?: { conversation?: Record<string, string> }[];
        state?: string;
        kind?: string;
        status?: number;
      };
      const ids = conversations?.map((each) => Object.values(each.conversation ?? each)[0]).join();
      const word = (text: string | undefined, prefix: string): string | undefined =>
        text?.replace(prefix, "").toLowerCase().replaceAll("_", "-");
      return `${name} ${ids ?? word(state, "LIST_SYNC_STATE_") ?? word(kind, "SESSION_EVENT_KIND_") ?? status}`;
    });
}

nativeScenario("native: every kind of event comes to script and C# alike, in the core's order", async (stage) => {
  const bridge = await signIn(stage, ...users("alice", "bob"));
  const heard = journal(bridge);
  await stage.frames(2);
  stage.received();
  stage.standIn.FireConvEvent(3, "");
  stage.standIn.NewMessage("carol", C2C, "hello");
  stage.standIn.NewMessage("carol", C2C, "again");
  stage.standIn.SetNetworkStatus(1);
  stage.standIn.FireConvEvent(1, '["c2c_carol"]');
  stage.standIn.FireConvEvent(4, "");
  stage.standIn.SetNetworkStatus(0);
  stage.standIn.KickOffline();
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.until("the last of them", () => heard.length === 8);
  await stage.frames(2);
  same(
    heard,
    [
      "ConversationListSync started",
      "ConversationsAdded carol",
      "ConversationsUpdated carol",
      "ConnectionChanged 1",
      "ConversationsDeleted carol",
      "ConversationListSync finished",
      "ConnectionChanged 0",
      "SessionChanged kicked-offline",
    ],
    "what script heard",
  );
  same(received(stage), heard, "what C# heard");
});

nativeScenario(
  "native: an update that comes after the deletion brings no ghost back; a new message does",
  async (stage) => {
    const bridge = await signIn(stage, ...users("alice", "bob"));
    stage.standIn.SetFault(fault.updateAfterDel, fn.convDelete, 0);
    const heard = journal(bridge);
    await bridge.deleteConversation("c2c_alice");
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.until("the dropped update", () => bridge.counters.updatesDropped === 1);
    await stage.frames(2);
    same(heard, ["ConversationsDeleted alice"], "what script heard");
    holds(stage.standIn.FaultFired(fault.updateAfterDel, fn.convDelete) === 1, "the fault fired");
    stage.standIn.NewMessage("alice", C2C, "I am back");
    await stage.until("its return", () => heard.length === 2);
    same(heard[1], "ConversationsAdded alice", "its return");
    await stage.frames(2);
    same(received(stage).slice(-2), heard, "what C# heard");
  },
);

nativeScenario("native: a flood of events is told as lost, and the bridge lists again by itself", async (stage) => {
  const bridge = await signIn(stage, ...users("alice", "bob"));
  const heard = journal(bridge);
  stage.standIn.SetFault(fault.eventFlood, fn.convDelete, 100_000);
  same(bridge.ConvDelete("alice", C2C), TIMResult.TIM_SUCC, "return");
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.until("the list", () => heard.some((line) => line.startsWith("ConversationListReset")));
  same(
    heard.filter((line) => line.startsWith("ConversationListReset")),
    ["ConversationListReset bob"],
    "the lists",
  );
  holds(bridge.counters.eventsLost > 50_000, `most were lost: ${bridge.counters.eventsLost}`);
  await stage.frames(2);
  same(received(stage).includes("ConversationListReset bob"), true, "C# has the list");
  await bridge.deleteConversation("c2c_bob");
});

nativeScenario("native: the core says who it is and whether somebody is signed in", async (stage) => {
  const bridge = await signIn(stage);
  same(await bridge.getLoginStatus(), TIMLoginStatus.kTIMLoginStatus_Logined, "signed in");
  await answered((callback) => bridge.Logout(callback));
  same(await bridge.getLoginStatus(), TIMLoginStatus.kTIMLoginStatus_UnLogined, "signed out");
  holds(/^\d+\.\d+/.test(await bridge.getSdkVersion()), "the version");
});

nativeScenario("native: Init puts the core's files into the game's data folder", async (stage) => {
  stage.game.SetDataFolder("/data/spiel ü");
  const bridge = connect();
  stage.cleanUp(() => bridge.close());
  await answered((callback) => bridge.Init(1_400_000_000, '{"sdk_config_log_file_path":"/log"}', callback));
  same(
    JSON.parse(stage.standIn.CallText(-1)),
    { sdk_config_config_file_path: "/data/spiel ü", sdk_config_log_file_path: "/log" },
    "the core's configuration",
  );
});

nativeScenario(
  "native: a bridge that joins the game's session works in it, and neither begins nor ends it",
  async (stage) => {
    stage.standIn.Load(JSON.stringify(users("alice", "bob")));
    stage.standIn.SignInBesideTheBridge("me");
    stage.game.TakeEventSlots(false);
    const bridge = connect({ attach: true });
    const heard = journal(bridge);
    same(bridge.Logout(), TIMResult.BRIDGE_ERR_NOT_OWNER, "Logout");
    same(bridge.Uninit(), TIMResult.BRIDGE_ERR_NOT_OWNER, "Uninit");
    await bridge.deleteConversation("c2c_alice");
    same(stage.standIn.DeletedLog(), "me\t1\t1\talice", "what the core deleted");
    await stage.frames(3);
    same(heard, [], "the slot is its owner's: nothing comes by itself");
    stage.game.ForwardConvEvent(1, '["c2c_alice"]');
    await stage.until("the forwarded event", () => heard.length === 1);
    stage.standIn.SetFault(fault.late, fn.convDelete, 0);
    const calls: Called[] = [];
    same(bridge.ConvDelete("bob", C2C, keep(calls)), TIMResult.TIM_SUCC, "return");
    stage.game.NotifySession();
    await stage.until("the pending call's end", () => calls.length === 1);
    same(heard[1], "SessionChanged notified", "the change of user");
    bridge.close();
    await stage.frames(3);
    same(stage.standIn.IsSignedIn(), true, "the game's session after the bridge");
    stage.standIn.ReleaseHeld();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    same(stage.game.InTheCore(), "0 0", "tokens and buffers");
  },
);

nativeScenario("native: ten late answers to a session that was closed are dropped and freed", async (stage) => {
  const first = await signIn(stage);
  stage.standIn.SetFault(fault.late, fn.convDelete, 0);
  const calls: Called[] = [];
  for (let i = 0; i < 10; i++) first.ConvDelete(`u${i}`, C2C, keep(calls));
  first.close();
  same(calls.length, 10, "callbacks at close");
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  const second = connect();
  stage.cleanUp(() => second.close());
  const before = stage.game.AnswersDropped();
  same(stage.standIn.ReleaseHeld(), 10, "late answers");
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(3);
  same(stage.game.AnswersDropped() - before, 10, "dropped and counted");
  same(calls.length, 10, "callbacks afterwards");
  same(second.counters.strayResults, 0, "strays in the next session");
  same(stage.game.InTheCore(), "0 0", "tokens and buffers");
});

scenario("a change that the game tells of and script's own login in one frame stay two", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations: users("alice", "bob") }) });
  stage.cleanUp(() => bridge.close());
  await stage.frames(2);
  stage.game.NotifySession();
  same(stage.game.ConvDelete("alice", C2C, "between"), TIMResult.TIM_SUCC, "C# asks between the two");
  await answered((callback) => bridge.Login("me", "sig", callback));
  await stage.frames(3);
  const codes = stage
    .received()
    .filter(({ name }) => name === "Callback")
    .map(({ message }) => (message as { code: number }).code);
  same(codes, [TIMResult.BRIDGE_ERR_STALE_EPOCH], "what was asked between");
  same((await bridge.getConversationList()).length, 2, "conversations left");
  same(stage.game.ConvDelete("bob", C2C, "after"), TIMResult.TIM_SUCC, "C# asks afterwards");
  await stage.frames(5);
  same((await bridge.getConversationList()).length, 1, "conversations left afterwards");
});

scenario("on a core without batches C#'s batch is deleted one by one under one completion", async (stage) => {
  const core = new EmbeddedCore({ userId: "me", conversations: users("alice", "bob"), coreVersion: "7.0.0" });
  const bridge = connect({ core, batchesPerSecond: 1000 });
  stage.cleanUp(() => bridge.close());
  await stage.frames(2);
  same(stage.game.ConvDeleteList("c2c_alice\nc2c_bob\nc2c_nobody", true), TIMResult.TIM_SUCC, "return");
  const completions: unknown[] = [];
  await stage.until("its completion", () => {
    completions.push(...stage.received().filter(({ name }) => name === "DeleteCompleted"));
    return completions.length > 0;
  });
  await stage.frames(5);
  const { results } = (completions[0] as { message: { results: { outcome: string }[] } }).message;
  same(
    results.map(({ outcome }) => outcome),
    ["OUTCOME_DELETED", "OUTCOME_DELETED", "OUTCOME_FAILED"],
    "its results",
  );
  same(stage.received().filter(({ name }) => name === "DeleteCompleted").length, 0, "further completions");
  same(await bridge.getConversationList(), [], "conversations left");
});
