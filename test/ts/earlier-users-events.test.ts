import { afterEach, describe, expect, test } from "vitest";
import type { Bridge } from "../../src/bridge/bridge.js";
import { connect } from "../../src/connect.js";
import { EmbeddedCore, EmbeddedServer } from "../../src/embedded-core.js";
import { type ConversationsAdded, TIMConvEvent } from "../../src/index.js";
import { SessionEventKind } from "../../src/protocol/gen/chatbridge/v1/core.js";
import { FakePlugin } from "./support/fake-script-port.js";
import { utf8 } from "./support/protobufjs-root.js";
import { microtasks, recorder } from "./support/rig.js";

const event = (type: TIMConvEvent, ids: string[]): object => ({
  event: { conversation: { type, json: utf8(JSON.stringify(ids.map((conv_id) => ({ conv_id, conv_type: 1 })))) } },
});

describe("the native core", () => {
  let plugin: FakePlugin;
  afterEach(() => plugin.remove());

  const { kTIMConvEvent_Add: Add, kTIMConvEvent_Del: Del, kTIMConvEvent_Update: Update } = TIMConvEvent;

  function game() {
    plugin = new FakePlugin();
    const bridge = connect();
    const heard: string[] = [];
    const told = (name: string, keys: readonly object[]): number =>
      heard.push(`${name} ${keys.map((key) => Object.values(key)).join(" ")}`);
    bridge.onConversationAdded(({ conversations }) =>
      told(
        "added",
        conversations.map(({ key }) => key),
      ),
    );
    bridge.onConversationUpdated(({ conversations }) =>
      told(
        "updated",
        conversations.map(({ key }) => key),
      ),
    );
    bridge.onConversationDeleted(({ conversations }) => told("deleted", conversations));
    bridge.onConversationListReset(({ conversations }) =>
      told(
        "reset",
        conversations.map(({ key }) => key),
      ),
    );
    bridge.onSessionChanged(({ kind }) => heard.push(kind));
    return { bridge, heard };
  }

  /** The plugin's door counts when it hands a session call to the core. */
  function signIn(bridge: Bridge, userId: string): void {
    plugin.epoch++;
    expect(bridge.Login(userId, "sig")).toBe(0);
  }
  const lastCall = (): number => plugin.sent.findLast(({ coreCall }) => coreCall !== undefined).coreCall.callId;
  const answer = (code = 0): void => plugin.queue({ result: { callId: lastCall(), source: 3, code } });
  const lists = (): number => plugin.sent.filter(({ coreCall }) => coreCall?.convGetConvList !== undefined).length;

  test("what came for one user and waited is not heard as the next one's, nor held against their conversations", () => {
    const { bridge, heard } = game();
    signIn(bridge, "ann");
    answer();
    plugin.tick();
    plugin.queue(event(Add, ["anns"]));
    plugin.queue(event(Del, ["carol"]));
    signIn(bridge, "bob");
    answer();
    plugin.queue(event(Update, ["carol"]));
    plugin.tick();
    expect(heard).toEqual(["updated carol"]);
    expect(bridge.counters).toMatchObject({ staleEvents: 2, updatesDropped: 0 });
    // Whose they were is not judged: whoever is signed in now has a list that is right.
    expect(lists()).toBe(1);
    bridge.close();
  });

  test("what comes until the core has carried the change out is neither's for certain: it is not heard, and listed", () => {
    const { bridge, heard } = game();
    signIn(bridge, "ann");
    answer();
    plugin.tick();
    signIn(bridge, "bob");
    plugin.queue(event(Del, ["carol"]));
    plugin.tick();
    expect(heard).toEqual([]);
    answer();
    plugin.tick();
    expect(bridge.counters.staleEvents).toBe(1);
    expect(lists()).toBe(1);
    plugin.queue({ result: { callId: lastCall(), source: 3, json: utf8('[{"conv_id":"carol","conv_type":1}]') } });
    plugin.tick();
    expect(heard).toEqual(["reset carol"]);
    bridge.close();
  });

  test("signed out for good, nobody is left to list for", () => {
    const { bridge } = game();
    plugin.queue(event(Add, ["anns"]));
    plugin.epoch++;
    bridge.Logout();
    plugin.queue(event(Add, ["more"]));
    answer();
    plugin.tick();
    expect(bridge.counters.staleEvents).toBe(2);
    expect(lists()).toBe(0);
    bridge.close();
  });

  test.each<[string, (bridge: Bridge) => void]>([
    [
      "the core refuses the login",
      (bridge) => {
        plugin.epoch++;
        plugin.answer = (frame) => (frame.coreCall?.login === undefined ? 0 : -4);
        expect(bridge.Login("bob", "sig")).toBe(-4);
      },
    ],
    [
      "the login fails",
      (bridge) => {
        signIn(bridge, "bob");
        answer(6023);
      },
    ],
    [
      "the same user signs in again",
      (bridge) => {
        signIn(bridge, "ann");
        answer();
      },
    ],
    [
      "the core is initialised again",
      (bridge) => {
        plugin.epoch++;
        bridge.Init(1400);
        answer();
      },
    ],
  ])("%s: what waited is listed, and what was deleted stays so", (_what, change) => {
    const { bridge, heard } = game();
    signIn(bridge, "ann");
    answer();
    plugin.tick();
    plugin.queue(event(Del, ["carol"]));
    plugin.tick();
    plugin.queue(event(Add, ["dave"]));
    change(bridge);
    plugin.queue(event(Update, ["carol"]));
    plugin.tick();
    expect(heard).toEqual(["deleted carol"]);
    expect(bridge.counters).toMatchObject({ staleEvents: 1, updatesDropped: 1 });
    expect(lists()).toBe(1);
    bridge.close();
  });

  test("a list that was due when the core refused another user is had all the same", () => {
    const { bridge } = game();
    plugin.queue({ lost: { count: 1 } });
    plugin.tick();
    expect(lists()).toBe(1);
    plugin.epoch++;
    plugin.answer = (frame) => (frame.coreCall?.logout === undefined ? 0 : -4);
    bridge.Logout();
    expect(lists()).toBe(2);
    bridge.close();
  });

  describe("the user is kicked offline, and the game calls Login before it hears of it", () => {
    function kickedGame() {
      const { bridge, heard } = game();
      signIn(bridge, "ann");
      answer();
      plugin.tick();
      kick();
      return { bridge, heard };
    }
    const kick = (): void => {
      plugin.epoch++;
      plugin.queue({ event: { session: { kind: SessionEventKind.KICKED_OFFLINE } } });
    };
    const login = (bridge: Bridge, heard: string[]): void => {
      plugin.epoch++;
      expect(bridge.Login("bob", "sig", (code) => heard.push(`login ${code}`))).toBe(0);
    };

    const status = (json: string): void => {
      const asked = plugin.sent.find(({ coreCall }) => coreCall?.getLoginStatus !== undefined);
      plugin.queue({ result: { callId: asked.coreCall.callId, source: 2, json: utf8(json) } });
    };

    test("the login succeeds, and the core says that the user is signed in: it was an earlier user's, and the next one's is told", () => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      plugin.tick();
      kick();
      plugin.tick();
      expect(heard).toEqual([]);
      answer();
      plugin.tick();
      status("1");
      plugin.tick();
      expect(heard).toEqual(["login 0"]);
      expect(bridge.counters.staleEvents).toBe(2);
      kick();
      plugin.tick();
      expect(heard).toEqual(["login 0", "kicked-offline"]);
      bridge.close();
    });

    test.each(["3", "", "signed in"])("the login succeeds, and the core's status is %j: it is told", (json) => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      answer();
      plugin.tick();
      expect(heard).toEqual(["login 0"]);
      status(json);
      plugin.tick();
      expect(heard).toEqual(["login 0", "kicked-offline"]);
      expect(bridge.counters.staleEvents).toBe(0);
      bridge.close();
    });

    test("the login succeeds, and the core cannot be asked: it is told", () => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      answer();
      plugin.answer = (frame) => (frame.coreCall?.getLoginStatus === undefined ? 0 : -1014);
      plugin.tick();
      expect(heard).toEqual(["kicked-offline", "login 0"]);
      bridge.close();
    });

    test("the game logs out, and that succeeds: nobody is signed in, and it is not told", () => {
      const { bridge, heard } = kickedGame();
      plugin.epoch++;
      bridge.Logout((code) => heard.push(`logout ${code}`));
      answer();
      plugin.tick();
      expect(heard).toEqual(["logout 0"]);
      expect(bridge.counters.staleEvents).toBe(1);
      bridge.close();
    });

    test("what came behind the login's answer is told, whatever else is under way", () => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      answer();
      kick();
      plugin.epoch++;
      bridge.Logout((code) => heard.push(`logout ${code}`));
      answer(6012);
      plugin.tick();
      status("1");
      plugin.tick();
      expect(heard).toEqual(["login 0", "kicked-offline", "logout 6012"]);
      expect(bridge.counters.staleEvents).toBe(1);
      bridge.close();
    });

    test("the login fails: it is told, and first", () => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      plugin.tick();
      expect(heard).toEqual([]);
      answer(6023);
      plugin.tick();
      expect(heard).toEqual(["kicked-offline", "login 6023"]);
      expect(bridge.counters.staleEvents).toBe(0);
      bridge.close();
    });

    test("the core initialises meanwhile: that signs nobody in", () => {
      const { bridge, heard } = kickedGame();
      plugin.epoch++;
      bridge.Init(1400);
      answer();
      plugin.tick();
      expect(heard).toEqual(["kicked-offline"]);
      bridge.close();
    });

    test("the login is refused: it is told", () => {
      const { bridge, heard } = kickedGame();
      plugin.epoch++;
      plugin.answer = () => -4;
      expect(bridge.Login("bob", "sig")).toBe(-4);
      plugin.tick();
      expect(heard).toEqual(["kicked-offline"]);
      bridge.close();
    });

    test("the login is not answered in time: it is told", () => {
      const { bridge, heard } = kickedGame();
      login(bridge, heard);
      plugin.tick(30_000);
      expect(heard).toEqual(["kicked-offline", "login -1018"]);
      bridge.close();
    });
  });

  test("a list that is due is not asked for in the next user's name before the core has signed them in", () => {
    const { bridge, heard } = game();
    signIn(bridge, "ann");
    answer();
    plugin.tick();
    plugin.queue({ lost: { count: 1 } });
    signIn(bridge, "bob");
    plugin.queue({ event: { conversation: { type: Add, json: Uint8Array.of(0xff) } } });
    plugin.tick();
    expect(lists()).toBe(0);
    answer();
    plugin.tick();
    expect(lists()).toBe(1);
    plugin.queue({ result: { callId: lastCall(), source: 3, json: utf8('[{"conv_id":"carol","conv_type":1}]') } });
    plugin.tick();
    expect(heard).toEqual(["reset carol"]);
    bridge.close();
  });

  test("what waited for the user of now is listed where the core refuses the next call", () => {
    const { bridge } = game();
    signIn(bridge, "bob");
    answer();
    plugin.tick();
    plugin.queue(event(Add, ["bobs"]));
    plugin.epoch++;
    plugin.answer = (frame) => (frame.coreCall?.logout === undefined ? 0 : -4);
    expect(bridge.Logout()).toBe(-4);
    plugin.tick();
    expect(lists()).toBe(1);
    bridge.close();
  });

  test("a core that is let go of answers no login any more: what comes for the next user is heard at once", () => {
    const { bridge, heard } = game();
    signIn(bridge, "ann");
    plugin.epoch++;
    bridge.Uninit();
    answer();
    plugin.epoch++;
    bridge.Init(1400);
    answer();
    signIn(bridge, "bob");
    answer();
    plugin.queue(event(Add, ["bobs"]));
    plugin.tick();
    expect(heard).toEqual(["added bobs"]);
    bridge.close();
  });

  test("a login that succeeds after its deadline: what was heard since may be the earlier user's, and the list tells", () => {
    const { bridge } = game();
    signIn(bridge, "ann");
    const callId = lastCall();
    plugin.tick(30_000);
    plugin.queue(event(Del, ["carol"]));
    plugin.tick();
    plugin.epoch++;
    plugin.queue({ event: { session: { kind: SessionEventKind.KICKED_OFFLINE } } });
    plugin.tick();
    expect(lists()).toBe(0);
    plugin.queue({ result: { callId, source: 3, code: 0 } });
    plugin.queue(event(Update, ["carol"]));
    plugin.tick();
    expect(bridge.counters).toMatchObject({ strayResults: 1, updatesDropped: 0 });
    expect(lists()).toBe(1);
    bridge.close();
  });

  test("answers that come in another order than their calls: whom they leave signed in nobody knows, and the list is asked for", () => {
    const { bridge } = game();
    plugin.epoch++;
    bridge.Logout();
    const logout = lastCall();
    signIn(bridge, "bob");
    plugin.queue(event(Add, ["bobs"]));
    answer();
    plugin.queue({ result: { callId: logout, source: 3, code: 0 } });
    plugin.tick();
    expect(lists()).toBe(1);
    bridge.close();
  });

  test("closed while a login is under way: no list is asked for, and nothing is reported", () => {
    const errors: unknown[] = [];
    plugin = new FakePlugin();
    const bridge = connect({ onError: (error) => errors.push(error) });
    signIn(bridge, "ann");
    plugin.queue(event(Add, ["anns"]));
    plugin.tick();
    bridge.close();
    expect(lists()).toBe(0);
    expect(errors).toEqual([]);
  });
});

describe("the embedded core", () => {
  function game() {
    const server = new EmbeddedServer();
    const bridge = connect({ core: new EmbeddedCore({ server, userId: "alice" }) });
    const added = recorder<[ConversationsAdded]>();
    bridge.onConversationAdded(added);
    const reset = recorder();
    bridge.onConversationListReset(reset);
    return { server, bridge, added, reset };
  }

  test("what comes for the first user until the second is signed in is not heard as theirs", async () => {
    const { server, bridge, added, reset } = game();
    server.sendC2C("carol", "alice", "before the call");
    bridge.Login("bob", "sig");
    server.sendC2C("dave", "alice", "before it is carried out");
    await microtasks();
    server.sendC2C("erin", "bob", "for the second");
    await microtasks();
    expect(added.calls.map(([{ conversations }]) => conversations.map(({ key }) => key))).toEqual([
      [{ userId: "erin" }],
    ]);
    expect(bridge.counters.staleEvents).toBe(2);
    // Who had been signed in before this bridge nobody told it: it might have been the same user.
    expect(reset.calls).toHaveLength(1);
    bridge.close();
  });

  test("the same user signs in again: what was not heard meanwhile is listed", async () => {
    const { server, bridge, added, reset } = game();
    server.sendC2C("carol", "alice", "hi");
    bridge.Login("alice", "sig");
    await microtasks();
    expect(added.calls).toEqual([]);
    expect(reset.calls).toHaveLength(1);
    bridge.close();
  });
});
