// End-to-end scenarios with the samples' own TypeScript, as a game has it, on the plugin.
import { type Bridge, connect, TIMConvType, TIMResult, toConvID } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { forget, joinSession } from "../../unity-plugin/Samples~/AttachToSession/attached-game.js";
import { ChatList } from "../../unity-plugin/Samples~/ChatList/chat-list.js";
import { type ChatListScreen, tellStory } from "../../unity-plugin/Samples~/DeleteConversation/game-logic.js";
import { conversations, plan } from "../../unity-plugin/Samples~/DeleteConversation/story.js";
import { users } from "../e2e/scenarios/conversations.js";
import { holds, nativeScenario, type Stage, same, scenario } from "../e2e/scenarios/scenario.js";

const { kTIMConv_C2C: C2C } = TIMConvType;
const fn = { login: 3 } as const;
const fault = { late: 3 } as const;

/** C#'s AttachedGame: each of the four begins, and is done when it is carried out. */
interface AttachedGame {
  Init(): void;
  Login(userId: string): void;
  Logout(): void;
  Uninit(): void;
  RefusedLogin(): void;
  CarryOut(): void;
  HandOver(): void;
}

declare const CS: {
  readonly TimChatBridge: {
    readonly Samples: { readonly ChatListScreen: ChatListScreen };
    readonly Testing: { readonly AttachedGame: AttachedGame };
  };
};

scenario("the sample DeleteConversation tells its story, to its C# chat list too", async (stage) => {
  const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }) });
  stage.cleanUp(() => bridge.close());
  const told: string[] = [];
  const teller = {
    say: (line: string) => told.push(line),
    called: (id: string, code: number) => told.push(`callback of ConvDelete(${id}): code ${code}`),
    refused: (id: string) => told.push(`ConvDelete(${id}) was refused`),
  };
  await stage.frames();
  await tellStory(bridge, CS.TimChatBridge.Samples.ChatListScreen, plan, teller);
  const shown = told.map((line) => line.replace(/failed with code 6004.*/, "failed with code 6004"));
  same(
    shown,
    [
      "6 conversations: c2c_alice, c2c_bob, c2c_carol, group_guild, group_raid_42, c2c_dave",
      "script deletes c2c_alice, history and all",
      "callback of ConvDelete(c2c_alice): code 0",
      "C# asks for c2c_bob to be deleted",
      "script deletes c2c_carol and group_raid_42, keeping their history",
      "c2c_carol: deleted",
      "group_raid_42: deleted",
      "script deletes c2c_nobody, which nobody knows",
      "rejected: ConvDelete of c2c_nobody failed with code 6004",
    ],
    "what it told",
  );
  const left = (await bridge.getConversationList()).map(({ key }) => toConvID(key));
  same(left, ["group_guild", "c2c_dave"], "conversations left");
});

scenario(
  "the sample ChatList deletes what the player confirmed, and its rows follow what C# deletes",
  async (stage) => {
    const core = new EmbeddedCore({ userId: "me", conversations: users("alice", "bob", "carol") });
    const bridge = connect({ core });
    stage.cleanUp(() => bridge.close());
    const list = new ChatList(bridge);
    stage.cleanUp(() => list.dispose());
    const rows = (): string[] => list.model.rows.map(({ conversation }) => toConvID(conversation));
    await list.refresh();
    list.model.toggle({ userId: "alice" });
    list.model.askToDelete();
    holds(list.model.confirmation?.warning.includes("gone for good") === true, "the player is warned");
    await list.answer("keep history");
    same(rows(), ["c2c_bob", "c2c_carol"], "rows when it is done");
    same(stage.game.ConvDelete("bob", 1, "C#"), 0, "return of C#'s delete");
    await stage.until("its row to go", () => rows().length === 1);
    core.server.sendC2C("alice", "me", "still there?");
    await stage.until("a row to come back", () => rows().includes("c2c_alice"));
    same(rows(), ["c2c_carol", "c2c_alice"], "rows at the end");
  },
);

/** The sample's script in the session of a game that has signed "me" in: what it told, and all that it has told since. */
async function joined(
  stage: Stage,
): Promise<{ readonly bridge: Bridge; log(line: string): void; readonly told: string[] }> {
  const game = CS.TimChatBridge.Testing.AttachedGame;
  game.Init();
  game.CarryOut();
  game.Login("me");
  game.CarryOut();
  const told: string[] = [];
  const log = (line: string): void => {
    told.push(line.replace(/^(no list: ).* (code \d+).*$/, "$1$2"));
  };
  const bridge = joinSession(log);
  stage.cleanUp(() => bridge.close());
  await stage.until("the list", () => told.length === 1);
  return { bridge, log, told };
}

nativeScenario("native: the sample AttachToSession deletes in the game's own session", async (stage) => {
  stage.standIn.Load(JSON.stringify(users("alice", "bob")));
  const { bridge, log, told } = await joined(stage);
  await forget(bridge, "c2c_alice", log);
  await stage.until("the event", () => told.length === 3);
  const lines = ["c2c_alice is deleted", "conversations: c2c_alice, c2c_bob", 'gone: [{"userId":"alice"}]'];
  same(told.sort(), lines, "what it told");
});

nativeScenario("native: the sample AttachToSession deletes nothing while the game changes the user", async (stage) => {
  const game = CS.TimChatBridge.Testing.AttachedGame;
  stage.standIn.Load(JSON.stringify(users("alice")));
  const { bridge, log, told } = await joined(stage);
  game.Login("you");
  await stage.frames(3);
  const shown = told.length;
  await forget(bridge, "c2c_alice", log);
  holds(
    told.slice(shown).some((line) => line.includes("Login or Logout is under way")),
    `before it is done: ${told.slice(shown)}`,
  );
  same(stage.game.ConvDelete("alice", C2C, "C#"), TIMResult.BRIDGE_ERR_USER_CHANGING, "C# asks");
  game.RefusedLogin();
  await stage.frames(3);
  same(bridge.ConvDelete("alice", C2C), TIMResult.BRIDGE_ERR_USER_CHANGING, "another login was refused");
  same(stage.standIn.DeletedLog(), "", "what the core has deleted");
  game.CarryOut();
  await stage.frames(3);
  await forget(bridge, "c2c_alice", log);
  same(stage.standIn.DeletedLog(), "you\t1\t1\talice", "what the core has deleted when the user had changed");
});

nativeScenario(
  "native: the sample AttachToSession: a login that an uninit has ended opens nothing while the next user signs in",
  async (stage) => {
    const game = CS.TimChatBridge.Testing.AttachedGame;
    stage.standIn.Load(JSON.stringify(users("alice")));
    const { bridge } = await joined(stage);
    stage.standIn.SetFault(fault.late, fn.login, 0);
    game.Login("first");
    game.HandOver();
    for (const call of [game.Uninit, game.Init]) {
      call();
      game.CarryOut();
      await stage.frames();
    }
    game.Login("you");
    const changes: string[] = [];
    bridge.onSessionChanged(({ kind }) => changes.push(kind));
    await stage.frames(3);
    changes.length = 0;
    stage.standIn.ReleaseHeld();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(3);
    same(changes, [], "heard of the first login's late answer");
    same(bridge.ConvDelete("alice", C2C), TIMResult.BRIDGE_ERR_USER_CHANGING, "before the next user is signed in");
    same(stage.standIn.DeletedLog(), "", "what the core has deleted");
    game.CarryOut();
    stage.standIn.ReleaseHeld();
    holds(stage.standIn.WaitIdle(), "the stand-in is idle");
    await stage.frames(3);
    await bridge.deleteConversation("c2c_alice");
    same(stage.standIn.DeletedLog(), "you\t1\t1\talice", "what the core has deleted when the user had changed");
  },
);

nativeScenario(
  "native: the sample AttachToSession lists anew before each change of user, and when it is done",
  async (stage) => {
    const game = CS.TimChatBridge.Testing.AttachedGame;
    stage.standIn.Load(JSON.stringify(users("alice")));
    const { bridge, log, told } = await joined(stage);
    let seen = told.length;
    const next = async (when: string, ...lines: string[]): Promise<void> => {
      await stage.until(`what it tells ${when}`, () => told.length >= seen + lines.length);
      await stage.frames(3);
      same(told.slice(seen), lines, `what it told ${when}`);
      seen = told.length;
    };
    const changed = "the user changes, or has changed (notified): what was under way has ended";
    const [nobody, noCore] = ["no list: code 6014", "no list: code 6013"];
    const ofMe = "conversations: c2c_alice";
    const changes: readonly (readonly [name: string, begin: () => void, before: string, after: string])[] = [
      ["the logout", () => game.Logout(), ofMe, nobody],
      ["the uninit", () => game.Uninit(), nobody, noCore],
      ["the init", () => game.Init(), noCore, nobody],
      ["the login", () => game.Login("you"), nobody, ofMe],
    ];
    for (const [name, begin, before, after] of changes) {
      begin();
      await next(`before ${name}`, changed, before);
      game.CarryOut();
      await next(`after ${name}`, changed, after);
    }
    stage.standIn.Pause();
    stage.cleanUp(() => stage.standIn.Resume());
    const forgotten = forget(bridge, "c2c_alice", log);
    await stage.frames();
    game.Logout();
    await forgotten;
    holds(told.includes("c2c_alice: the user changed; list again to see"), `a deletion under way: ${told.slice(seen)}`);
  },
);
