// Invariant 3 while the core changes the user: whose conversations a deletion would take is not certain, and a sign-off not whose.
import { connect, type SessionChanged, TIMConvType, TIMResult } from "tim-chatbridge";
import { users } from "./conversations.js";
import { holds, nativeScenario, same } from "./scenario.js";
import { answered, signIn } from "./sign-in.js";

const { kTIMConv_C2C: C2C } = TIMConvType;
const fn = { login: 3 } as const;
const fault = { late: 3, resultCode: 16 } as const;
const { BRIDGE_ERR_USER_CHANGING: changing } = TIMResult;

nativeScenario(
  "native: nothing is deleted while a login is under way, whoever asks, and whatever comes of it",
  async (stage) => {
    const bridge = await signIn(stage, ...users("alice", "bob"));
    await stage.frames(2);
    stage.received();
    stage.standIn.Pause();
    const codes: number[] = [];
    same(
      bridge.Login("bob", "sig", (code) => codes.push(code)),
      TIMResult.TIM_SUCC,
      "return of the login",
    );
    same(bridge.ConvDelete("alice", C2C), changing, "script asks");
    await stage.frames(2);
    same(stage.game.ConvDelete("alice", C2C, "C#"), TIMResult.TIM_SUCC, "C# asks");
    await stage.frames(2);
    stage.standIn.SetFault(fault.resultCode, fn.login, 6012);
    stage.standIn.Resume();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    // The core has answered, and C# has not heard.
    same(stage.game.ConvDelete("bob", C2C, "C# again"), TIMResult.TIM_SUCC, "C# asks again");
    await stage.frames(3);
    same(codes, [6012], "callbacks of the login");
    same(stage.standIn.DeletedLog(), "", "what the core has deleted");
    const callbacks = stage.received().filter(({ name }) => name === "Callback");
    same(
      callbacks.map(({ message }) => (message as { code: number }).code),
      [changing, changing],
      "what C# is told",
    );
    await bridge.deleteConversation("c2c_alice");
    same(stage.standIn.DeletedLog(), "me\t1\t1\talice", "what the core has deleted when the login had ended");
  },
);

for (const [what, signsOff] of [
  ["kicked-offline", "KickOffline"],
  ["user-sig-expired", "ExpireUserSig"],
] as const) {
  nativeScenario(`native: ${what} before the login's own callback: it is told, behind that`, async (stage) => {
    const bridge = await signIn(stage);
    await answered((callback) => bridge.Logout(callback));
    const heard: string[] = [];
    bridge.onSessionChanged(({ kind }) => heard.push(kind));
    stage.standIn.SetFault(fault.late, fn.login, 0);
    bridge.Login("bob", "sig", (code) => heard.push(`login ${code}`));
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    stage.standIn[signsOff]();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(2);
    stage.standIn.ReleaseHeld();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(4);
    same(heard, ["login 0", what], "what script heard");
  });
}

for (const how of ["closed", "replaced"] as const) {
  nativeScenario(
    `native: a bridge is ${how} while its login is under way: the next one hears that it was carried out`,
    async (stage) => {
      const first = await signIn(stage, ...users("alice"));
      stage.standIn.Pause();
      first.Login("bob", "sig");
      if (how === "closed") first.close();
      const second = connect();
      stage.cleanUp(() => second.close());
      const heard: SessionChanged["kind"][] = [];
      second.onSessionChanged(({ kind }) => heard.push(kind));
      await stage.frames(2);
      same(heard, [], "heard before it is carried out");
      same(second.ConvDelete("alice", C2C), changing, "the second bridge deletes before it is carried out");
      stage.standIn.Resume();
      holds(stage.standIn.WaitIdle(), "the stand-in is idle");
      await stage.frames(3);
      same(heard, ["notified"], "heard by the second bridge");
      await second.deleteConversation("c2c_alice");
      same(stage.standIn.DeletedLog(), "bob\t1\t1\talice", "what the core has deleted");
    },
  );
}

for (const how of ["closed", "replaced"] as const) {
  nativeScenario(
    `native: a bridge is ${how} before it has heard that the user was kicked offline: the next one hears it, and C#, once`,
    async (stage) => {
      const first = await signIn(stage);
      const heard: string[] = [];
      first.onSessionChanged(({ kind }) => heard.push(`first ${kind}`));
      await stage.frames(2);
      stage.received();
      stage.standIn.KickOffline();
      holds(stage.standIn.WaitIdle(), "the stand-in is idle");
      if (how === "closed") first.close();
      for (const name of ["second", "third"]) {
        const next = connect();
        stage.cleanUp(() => next.close());
        next.onSessionChanged(({ kind }) => heard.push(`${name} ${kind}`));
        await stage.frames(2);
      }
      same(heard, ["second kicked-offline"], "what script heard");
      same(stage.received().filter(({ name }) => name === "SessionChanged").length, 1, "how often C# heard");
    },
  );
}

nativeScenario(
  "native: of two logins that a script leaves behind, the first one's notice lets nothing be deleted as the second user",
  async (stage) => {
    const first = await signIn(stage, ...users("alice"));
    stage.standIn.Pause();
    first.Login("bob", "sig");
    first.Login("carol", "sig");
    first.close();
    const second = connect();
    stage.cleanUp(() => second.close());
    const returned: number[] = [];
    second.onSessionChanged(() => {
      if (returned.length === 0) returned.push(second.ConvDelete("alice", C2C));
    });
    await stage.frames(2);
    stage.standIn.Resume();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(4);
    same(returned, [TIMResult.BRIDGE_ERR_STALE_EPOCH], "return of the deletion");
    same(stage.standIn.DeletedLog(), "", "what the core has deleted");
    await second.deleteConversation("c2c_alice");
    same(stage.standIn.DeletedLog(), "carol\t1\t1\talice", "what the core has deleted when both were heard");
  },
);
