// Recordings of what crosses, made where a game would make them, and read by `npx tim-chatbridge inspect`.
import { type Bridge, connect, type RecordingOptions, TIMConvType, TIMResult } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { groups, users } from "./conversations.js";
import { holds, nativeScenario, type Stage, same, scenario } from "./scenario.js";
import { answered } from "./sign-in.js";

const { kTIMConv_C2C: C2C } = TIMConvType;

/** What must not be in any recording, and what must not be in one without ids. */
const secrets = {
  sig: "eJwtzMEKgkAUheF-the-first-SIGNATURE",
  nextSig: "eJyrVgrxCdYrSy1S-the-next-SIGNATURE",
  login: "me-who-signs-in",
  nextLogin: "another-who-signs-in",
  config: "sdk_config_java_secret",
} as const;
const ids = { user: "alice-of-the-guild", other: "bob-of-the-guild", group: "guild-of-heroes" } as const;

/** A session with logins of two users, deletes of every kind from both sides, and events of the core's own. */
async function session(stage: Stage, recording: RecordingOptions): Promise<Bridge> {
  stage.standIn.Load(JSON.stringify([...users(ids.user, ids.other), ...groups(ids.group)]));
  const bridge = connect({ recording });
  stage.cleanUp(() => bridge.close());
  await answered((callback) => bridge.Init(1_400_000_000, JSON.stringify({ [secrets.config]: true }), callback));
  await answered((callback) => bridge.Login(secrets.login, secrets.sig, callback));
  await bridge.deleteConversation({ userId: ids.user });
  await bridge.deleteConversationList([{ groupId: ids.group }], { clearMessage: true });
  same(stage.game.ConvDelete(ids.other, C2C, "C#"), TIMResult.TIM_SUCC, "return of C#'s delete");
  await stage.until("its callback", () => stage.received().some(({ name }) => name === "Callback"));
  stage.standIn.NewMessage(ids.user, C2C, "a message that nobody else may read");
  await bridge.getConversationList();
  await answered((callback) => bridge.Login(secrets.nextLogin, secrets.nextSig, callback));
  stage.standIn.SetNetworkStatus(1);
  stage.standIn.KickOffline();
  holds(stage.standIn.WaitIdle(), "the stand-in is idle");
  await stage.frames(5);
  return bridge;
}

/** Whether the text's bytes are in there. All of these texts are ASCII. */
function contains(bytes: Uint8Array, text: string): boolean {
  const sought = Array.from(text, (character) => character.charCodeAt(0));
  for (let at = 0; at + sought.length <= bytes.length; at++) {
    if (sought.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

scenario("nothing is recorded unless the game asks for it at the start", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations: users("alice") }) });
  stage.cleanUp(() => bridge.close());
  await bridge.deleteConversation("c2c_alice");
  let said = "recording() returned something";
  try {
    bridge.recording();
  } catch (error) {
    said = (error as Error).message;
  }
  holds(said.includes("connect({ recording: {} })"), `it says how to ask: ${said}`);
});

nativeScenario(
  "native: a recording holds no login, UserSig or configuration, and no id unless asked to",
  async (stage) => {
    for (const withIds of [false, true]) {
      stage.standIn.Reset();
      const bridge = await session(stage, { ids: withIds });
      const bytes = bridge.recording();
      bridge.close();
      await stage.frames(3);
      for (const [what, secret] of Object.entries(secrets)) {
        holds(!contains(bytes, secret), `no ${what} in a recording ${withIds ? "with" : "without"} ids`);
      }
      holds(!contains(bytes, "SIGNATURE"), "no part of a UserSig either");
      holds(!contains(bytes, "a message that"), "no message either");
      for (const id of Object.values(ids)) same(contains(bytes, id), withIds, `${id} in a recording, ids: ${withIds}`);
    }
  },
);

nativeScenario(
  "native: inspect shows a recorded session, with ids only if the game and the reader ask",
  async (stage) => {
    for (const withIds of [false, true]) {
      stage.standIn.Reset();
      const bridge = await session(stage, { ids: withIds });
      const bytes = bridge.recording();
      bridge.close();
      await stage.frames(3);
      const masked = await stage.inspect(bytes);
      same(masked.status, 0, `how inspect ended: ${masked.err}`);
      const said = [
        "Login  (never recorded: it holds a UserSig)",
        "ConvDelete user#1 kTIMConv_C2C",
        "ConvDeleteConversationList [group_group#1] clear_message true",
        "Request  request ",
        "ConvDelete user#2 kTIMConv_C2C",
        "kTIMConvEvent_Del [c2c_user#1]",
        "ConversationsDeleted  [c2c_user#1]",
        "SDK_CALLBACK 0 (success)",
        "KICKED_OFFLINE",
      ];
      for (const words of said) holds(masked.out.includes(words), `"${words}" is in:\n${masked.out}`);
      for (const id of Object.values(ids)) holds(!masked.out.includes(id), `${id} is not shown unasked`);
      const asked = await stage.inspect(bytes, "--ids");
      same(asked.status, 0, `how inspect --ids ended: ${asked.err}`);
      for (const id of Object.values(ids)) same(asked.out.includes(id), withIds, `${id} is shown, ids: ${withIds}`);
      for (const shown of [masked, asked, await stage.inspect(bytes, "--ids", "--json")]) {
        for (const secret of Object.values(secrets)) holds(!shown.out.includes(secret), `${secret} is not shown`);
      }
    }
  },
);

scenario("a recording keeps to its bytes, however much crosses, and says what is gone", async (stage) => {
  const maxBytes = 4096;
  const names = Array.from({ length: 400 }, (_, i) => `user-${i}`);
  const core = new EmbeddedCore({ userId: "me", conversations: users(...names) });
  const bridge = connect({ core, plugin: true, recording: { maxBytes } });
  stage.cleanUp(() => bridge.close());
  for (const id of names) same(bridge.ConvDelete(id, C2C), TIMResult.TIM_SUCC, "return");
  await stage.until("all of their ends", () => bridge.pendingCalls === 0);
  await stage.frames(3);
  const bytes = bridge.recording();
  holds(bytes.length <= maxBytes && bytes.length > maxBytes / 2, `${bytes.length} bytes of at most ${maxBytes}`);
  const { status, out, err } = await stage.inspect(bytes);
  same(status, 0, `how inspect ended: ${err}`);
  const gone = /after (\d+) that gave way/.exec(out)?.[1];
  holds(Number(gone) > names.length, `it says how many frames are gone:\n${out.split("\n")[0]}`);
});
