// What goes wrong with the package itself: each is a clear message, and nothing hangs.

import * as copy from "tim-chatbridge:copy";
import { connect, TIMConvType, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { claimWords, claimWorks, openWith } from "./embedded-bridge.js";
import { holds, nativeScenario, type Stage, same, scenario } from "./scenario.js";

const { kTIMConv_C2C: C2C } = TIMConvType;

scenario("two copies of the script: the later connect() takes over, and the first bridge says so", async (stage) => {
  holds(connect !== (copy.connect as unknown), "they are two");
  const first = openWith(stage, connect);
  const codes: number[] = [];
  same(
    first.bridge.ConvDelete("alice", C2C, (code) => codes.push(code)),
    TIMResult.TIM_SUCC,
    "return",
  );
  const second = openWith(stage, copy.connect as unknown as typeof connect);
  await stage.frames(5);
  same(codes.length, 1, "callbacks of the first bridge");
  same(first.reported.length, 1, "errors told by the first bridge");
  claimWords(first.reported[0], "A later connect() took over the plugin: this bridge is out of service");
  same(first.bridge.ConvDelete("alice", C2C), TIMResult.BRIDGE_ERR_REPLACED, "return of the first bridge");
  claimWords(first.bridge.lastError?.message, "Use the later bridge");
  same(
    second.bridge.ConvDelete("alice", C2C, (code) => codes.push(code)),
    TIMResult.TIM_SUCC,
    "return of the second",
  );
  await stage.frames(5);
  same(codes.slice(1), [0], "callbacks of the second bridge");
});

scenario(
  "two copies of the script: what the core has not answered ends as what it is, and not as closed",
  async (stage) => {
    const core = new EmbeddedCore();
    core.send = () => TIMResult.TIM_SUCC;
    const first = connect({ core, onError: () => {} });
    stage.cleanUp(() => first.close());
    const heard: [number, string][] = [];
    first.ConvDelete("alice", C2C, (code, desc) => heard.push([code, desc]));
    openWith(stage, copy.connect as unknown as typeof connect);
    await stage.frames(5);
    const [code, desc] = heard[0] ?? [];
    same(heard.length, 1, "callbacks");
    same(code, TIMResult.BRIDGE_ERR_REPLACED, "the callback's code");
    claimWords(desc, "Use the later bridge. It may be deleted, now or later");
  },
);

scenario("two copies of the script: an error of one copy's is read by the other's bridge", async () => {
  const core = {
    name: "other",
    behindPlugin: false,
    open: () => {
      const { ErrorSource, ErrorCategory } = copy;
      throw new copy.BridgeError(ErrorSource.BRIDGE, -1014, ErrorCategory.UNSUPPORTED, "not on this platform");
    },
    close: () => {},
    send: () => 0,
  };
  let message = "nothing was thrown";
  try {
    connect({ core });
  } catch (error) {
    message = (error as Error).message;
  }
  claimWords(message, "not on this platform");
});

for (const [where, declare, opens] of [
  ["on a core of its own", scenario, (stage: Stage) => openWith(stage, connect).bridge],
  ["on the native core", nativeScenario, (_stage: Stage) => connect()],
] as const) {
  declare(`play mode left: script ${where} is refused in words, and connects anew in the next`, async (stage) => {
    const bridge = opens(stage);
    stage.cleanUp(() => bridge.close());
    await stage.betweenFrames("next-play-mode");
    await stage.frames(5);
    same(bridge.ConvDelete("alice", C2C), TIMResult.BRIDGE_ERR_CLOSED, "return");
    claimWords(bridge.lastError?.message, "connect() again");
    await claimWorks(stage, openWith(stage, copy.connect as unknown as typeof connect));
  });
}

scenario("play mode left: what C# asked for ends once, as not sent, before the next begins", async (stage) => {
  openWith(stage, connect);
  await stage.frames(5);
  stage.received();
  same(stage.game.ConvDelete("alice", C2C, "mine"), TIMResult.TIM_SUCC, "return");
  await stage.betweenFrames("next-play-mode");
  const received = stage.received();
  same(
    received.map(({ name }) => name),
    ["Callback", "DeleteCompleted"],
    "what C# heard",
  );
  same(received[0]?.message, { code: TIMResult.BRIDGE_ERR_CLOSED, userData: "mine" }, "the callback's arguments");
  holds(JSON.stringify(received[1]?.message).includes("OUTCOME_NOT_SENT"), "it ends as not sent");
  await stage.frames(5);
  same(stage.received(), [], "what the next play mode hears");
});

scenario(
  "a shutdown while script lives on: what was under way settles once, what is asked later is refused",
  async (stage) => {
    const { bridge } = openWith(stage, connect);
    const codes: number[] = [];
    same(
      bridge.ConvDelete("alice", C2C, (code) => codes.push(code)),
      TIMResult.TIM_SUCC,
      "return",
    );
    const promised = bridge.deleteConversation("c2c_nobody").catch((error: Error) => error.name);
    await stage.betweenFrames("restart");
    same(codes.length, 1, "callbacks");
    same(await promised, "BridgeError", "what the promise rejects with");
    same(bridge.ConvDelete("alice", C2C), TIMResult.BRIDGE_ERR_CLOSED, "return afterwards");
    claimWords(bridge.lastError?.message, "connect() again");
  },
);
