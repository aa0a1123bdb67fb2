import { afterEach, describe, expect, test } from "vitest";
import { connect } from "../../src/connect.js";
import { EmbeddedCore, EmbeddedServer } from "../../src/embedded-core.js";
import { type ConversationsAdded, TIMConvEvent } from "../../src/index.js";
import { FakePlugin } from "./support/fake-script-port.js";
import { utf8 } from "./support/protobufjs-root.js";
import { microtasks, recorder } from "./support/rig.js";

const event = (type: TIMConvEvent, ids: string[]): object => ({
  event: { conversation: { type, json: utf8(JSON.stringify(ids.map((conv_id) => ({ conv_id, conv_type: 1 })))) } },
});

describe("the native core", () => {
  let plugin: FakePlugin;
  afterEach(() => plugin.remove());

  test("what came for one user and waited is not heard as the next one's, nor held against their conversations", () => {
    plugin = new FakePlugin();
    const bridge = connect();
    const added = recorder();
    const deleted = recorder();
    const updated = recorder();
    bridge.onConversationAdded(added);
    bridge.onConversationDeleted(deleted);
    bridge.onConversationUpdated(updated);
    plugin.queue(event(TIMConvEvent.kTIMConvEvent_Add, ["ann"]));
    plugin.queue(event(TIMConvEvent.kTIMConvEvent_Del, ["carol"]));
    plugin.epoch = 2;
    bridge.Login("bob", "sig");
    plugin.queue(event(TIMConvEvent.kTIMConvEvent_Update, ["carol"]));
    plugin.tick();
    expect([added.calls, deleted.calls]).toEqual([[], []]);
    expect(bridge.counters.staleEvents).toBe(2);
    expect(updated.calls).toHaveLength(1);
    expect(bridge.counters.updatesDropped).toBe(0);
    bridge.close();
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
    expect(reset.calls).toEqual([]);
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
