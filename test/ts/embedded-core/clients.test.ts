import { describe, expect, it } from "vitest";
import { EmbeddedCore, EmbeddedDataError, EmbeddedServer, textOf } from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, group, login, logout } from "./fake-bridge.js";

/** Two devices of "me" on one server, who has heard from alice twice and is in a group. */
function twoDevices(syncDeletionAcrossClients: boolean) {
  const server = new EmbeddedServer({ syncDeletionAcrossClients });
  server.joinGroup("me", "guild");
  server.joinGroup("carol", "guild");
  server.sendGroup("carol", "guild", "g1");
  server.sendC2C("alice", "me", "a1");
  server.sendC2C("alice", "me", "a2");
  const device = () => {
    const core = new EmbeddedCore({ server, userId: "me" });
    return { core, bridge: new FakeBridge(core) };
  };
  const [phone, pc] = [device(), device()];
  const texts = (place: { history(c: string): Parameters<typeof textOf>[0][] }, conversation: string) =>
    place.history(conversation).map(textOf);
  const onServer = (conversation: string, user = "me") => server.history(user, conversation).map(textOf);
  return { server, phone, pc, texts, onServer };
}

describe("what a deletion takes", () => {
  it("single delete: the history, on client and server, for good", () => {
    const { server, phone, texts, onServer } = twoDevices(false);
    expect(texts(phone.core.client, "c2c_alice")).toEqual(["a1", "a2"]);
    phone.bridge.ask(c2c("alice"));
    expect(onServer("c2c_alice")).toEqual([]);
    expect(texts(phone.core.client, "c2c_alice")).toEqual([]);
    expect(phone.bridge.listed()).toEqual(["group_guild"]);
    server.sendC2C("alice", "me", "a3");
    expect(phone.bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
    expect(texts(phone.core.client, "c2c_alice")).toEqual(["a3"]);
    expect(onServer("c2c_alice")).toEqual(["a3"]);
  });

  it("not the other side's", () => {
    const { server, phone, onServer } = twoDevices(true);
    const alice = new EmbeddedCore({ server, userId: "alice" });
    phone.bridge.ask(c2c("alice"));
    phone.bridge.ask(group("guild"));
    expect(onServer("c2c_me", "alice")).toEqual(["a1", "a2"]);
    expect(onServer("group_guild", "carol")).toEqual(["g1"]);
    expect(new FakeBridge(alice).listed()).toEqual(["c2c_me"]);
    expect(server.members("guild")).toEqual(["me", "carol"]);
  });

  it("batch with clear_message true: as single delete", () => {
    const { phone, texts, onServer } = twoDevices(false);
    phone.bridge.ask(batch(["c2c_alice", "group_guild"], true));
    expect([onServer("c2c_alice"), texts(phone.core.client, "group_guild")]).toEqual([[], []]);
    expect(phone.bridge.listed()).toEqual([]);
  });

  it("batch with clear_message false: the list's entry; the history is back with the next message", () => {
    const { server, phone, texts, onServer } = twoDevices(false);
    phone.bridge.ask(batch(["c2c_alice", "group_guild"], false));
    phone.bridge.drain();
    expect(phone.bridge.takeEvents()).toEqual([["Del", ["c2c_alice", "group_guild"]]]);
    expect(phone.bridge.listed()).toEqual([]);
    expect(server.conversations("me")).toEqual([]);
    expect(onServer("c2c_alice")).toEqual(["a1", "a2"]);
    phone.bridge.takeEvents();
    server.sendC2C("alice", "me", "a3");
    phone.bridge.drain();
    expect(phone.bridge.takeEvents()).toEqual([["Add", ["c2c_alice"]]]);
    expect(phone.bridge.listed()).toEqual(["c2c_alice"]);
    expect(texts(phone.core.client, "c2c_alice")).toEqual(["a1", "a2", "a3"]);
    expect(phone.bridge.list()[0]).toMatchObject({ conv_unread_num: 1 });
  });

  it("a kept history is back on a device that signs in for the first time, with the next message only", () => {
    const { server, phone, texts } = twoDevices(false);
    phone.bridge.ask(batch(["c2c_alice"], false));
    const tablet = new EmbeddedCore({ server, userId: "me" });
    const bridge = new FakeBridge(tablet);
    expect(bridge.listed()).toEqual(["group_guild"]);
    server.sendC2C("me", "alice", "m1");
    expect(bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
    expect(texts(tablet.client, "c2c_alice")).toEqual(["a1", "a2", "m1"]);
  });

  it("a kept history can still be cleared, with nothing left to say to the list", () => {
    const { phone, texts, onServer } = twoDevices(false);
    phone.bridge.ask(batch(["c2c_alice"], false));
    phone.bridge.takeEvents();
    expect(phone.bridge.ask(batch(["c2c_alice"], false)).code).toBe(6003);
    expect(phone.bridge.ask(c2c("alice")).code).toBe(0);
    expect(phone.bridge.takeEvents()).toEqual([]);
    expect([onServer("c2c_alice"), texts(phone.core.client, "c2c_alice")]).toEqual([[], []]);
    expect(phone.bridge.ask(c2c("alice")).code).toBe(6004);
  });

  it("a pinned conversation that was deleted with its history kept comes back unpinned", () => {
    const conversations = [
      { conv_id: "p", conv_type: 1, conv_is_pinned: true, conv_unread_num: 9, mine: "kept" },
      { conv_id: "q", conv_type: 1, conv_is_pinned: true },
    ];
    const core = new EmbeddedCore({ userId: "me", conversations });
    const bridge = new FakeBridge(core);
    bridge.ask(batch(["c2c_p"], false));
    core.server.sendC2C("p", "me", "hi");
    expect(bridge.listed()).toEqual(["c2c_q", "c2c_p"]);
    expect(bridge.list()[1]).toMatchObject({ conv_is_pinned: false, conv_unread_num: 1, mine: "kept" });
  });
});

describe("unfriending and leaving", () => {
  it("deletes no conversation, and it can still be deleted afterwards", () => {
    const { server, phone, texts, onServer } = twoDevices(false);
    server.addFriend("me", "alice");
    expect([server.friends("me"), server.friends("alice")]).toEqual([["alice"], ["me"]]);
    server.unfriend("alice", "me");
    server.leaveGroup("me", "guild");
    expect([server.friends("me"), server.members("guild")]).toEqual([[], ["carol"]]);
    phone.bridge.drain();
    expect(phone.bridge.takeEvents()).toEqual([]);
    expect(phone.bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
    expect(texts(phone.core.client, "group_guild")).toEqual(["g1"]);
    server.sendGroup("carol", "guild", "without me");
    expect(onServer("group_guild")).toEqual(["g1"]);
    expect(phone.bridge.ask(c2c("alice")).code).toBe(0);
    expect(phone.bridge.ask(group("guild")).code).toBe(0);
    expect([onServer("c2c_alice"), onServer("group_guild")]).toEqual([[], []]);
    expect(onServer("group_guild", "carol")).toEqual(["g1", "without me"]);
  });

  it("who is not in the group cannot write to it", () => {
    const { server } = twoDevices(false);
    const before = server.toJSON();
    expect(() => server.sendGroup("mallory", "guild", "hi")).toThrow(/"mallory" is not in group "guild"/);
    expect(() => server.sendGroup("me", "no such group", "hi")).toThrow(/joinGroup/);
    expect(server.toJSON()).toEqual(before);
  });
});

describe("a second client of the same user", () => {
  it("sees nothing of a deletion while the switch is off: list, history, events", () => {
    const { phone, pc, texts } = twoDevices(false);
    phone.bridge.ask(c2c("alice"));
    pc.bridge.drain();
    expect(pc.bridge.takeEvents()).toEqual([]);
    expect(pc.bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual(["a1", "a2"]);
    expect(pc.bridge.ask(c2c("alice")).code).toBe(0);
    expect(pc.bridge.takeEvents().slice(-1)).toEqual([["Del", ["c2c_alice"]]]);
  });

  it("keeps what it had when the conversation goes on", () => {
    const { server, phone, pc, texts, onServer } = twoDevices(false);
    server.importConversations("me", [{ conv_id: "bob", conv_type: 1, mine: "kept" }]);
    phone.bridge.ask(batch(["c2c_alice", "c2c_bob"], true));
    server.sendC2C("alice", "me", "a3");
    server.sendC2C("bob", "me", "b1");
    expect(onServer("c2c_alice")).toEqual(["a3"]);
    expect(texts(phone.core.client, "c2c_alice")).toEqual(["a3"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual(["a1", "a2", "a3"]);
    expect(pc.bridge.list()[0]).toMatchObject({ conv_id: "bob", mine: "kept", conv_unread_num: 1 });
    expect(phone.bridge.list()[0]).not.toHaveProperty("mine");
  });

  it("can clear a history of which only the server has anything left", () => {
    const { server, phone, onServer } = twoDevices(false);
    phone.bridge.ask(batch(["c2c_alice"], false));
    const tablet = new FakeBridge(new EmbeddedCore({ server, userId: "me" }));
    expect(tablet.ask(batch(["c2c_alice"], false)).code).toBe(6003);
    expect(tablet.ask(c2c("alice")).code).toBe(0);
    expect(onServer("c2c_alice")).toEqual([]);
  });

  it.each([true, false])("sees it while the switch is on (clear_message %s)", (clear) => {
    const { phone, pc, texts } = twoDevices(true);
    phone.bridge.ask(batch(["c2c_alice", "c2c_nobody"], clear));
    expect(pc.bridge.told).toEqual([]);
    pc.bridge.drain();
    expect(pc.bridge.takeEvents()).toEqual([["Del", ["c2c_alice"]]]);
    expect(pc.bridge.listed()).toEqual(["group_guild"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual(clear ? [] : ["a1", "a2"]);
    expect(pc.bridge.ask(batch(["c2c_alice"], false)).code).toBe(6003);
  });

  it("sees it when it signs in next, if the switch was on at the deletion", () => {
    const { server, phone, pc, texts } = twoDevices(false);
    pc.bridge.ask(logout);
    phone.bridge.ask(group("guild"));
    server.syncDeletionAcrossClients = true;
    phone.bridge.ask(c2c("alice"));
    server.syncDeletionAcrossClients = false;
    server.sendC2C("alice", "me", "a3");
    pc.bridge.ask(login("me"));
    expect(pc.bridge.takeEvents()).toEqual([
      ["Start", []],
      ["Del", ["c2c_alice"]],
      ["Add", ["c2c_alice"]],
      ["Finish", []],
    ]);
    expect(pc.bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual(["a3"]);
  });

  it("a kept deletion that was missed and then one that clears: cleared", () => {
    const { phone, pc, texts } = twoDevices(true);
    pc.bridge.ask(logout);
    phone.bridge.ask(batch(["c2c_alice"], false));
    phone.bridge.ask(c2c("alice"));
    pc.bridge.ask(login("me"));
    expect(pc.bridge.takeEvents()[1]).toEqual(["Del", ["c2c_alice"]]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual([]);
  });

  it("a clearing deletion that was missed and then one that keeps: cleared", () => {
    const { server, phone, pc, texts } = twoDevices(true);
    pc.bridge.ask(logout);
    phone.bridge.ask(c2c("alice"));
    server.sendC2C("alice", "me", "a3");
    phone.bridge.ask(batch(["c2c_alice"], false));
    pc.bridge.ask(login("me"));
    expect(pc.bridge.takeEvents()[1]).toEqual(["Del", ["c2c_alice"]]);
    expect(pc.bridge.listed()).toEqual(["group_guild"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual([]);
  });

  it("carries out a missed deletion once", () => {
    const { server, phone, pc, texts } = twoDevices(true);
    pc.bridge.ask(logout);
    phone.bridge.ask(c2c("alice"));
    pc.bridge.ask(login("me"));
    server.sendC2C("alice", "me", "a3");
    pc.bridge.ask(logout);
    pc.bridge.takeEvents();
    pc.bridge.ask(login("me"));
    expect(pc.bridge.takeEvents().map(([event]) => event)).toEqual(["Start", "Finish"]);
    expect(texts(pc.core.client, "c2c_alice")).toEqual(["a3"]);
  });

  it("misses no deletion of what it never had", () => {
    const { server, phone, pc } = twoDevices(true);
    pc.bridge.ask(logout);
    server.sendC2C("erin", "me", "hi");
    phone.bridge.ask(c2c("erin"));
    expect(server.toJSON().clients[1]?.copies[0]?.missedDeletions).toEqual([]);
    pc.bridge.ask(login("me"));
    expect(pc.bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
  });

  it("of another user sees nothing, whatever the switch", () => {
    const { server, phone } = twoDevices(true);
    const carol = new EmbeddedCore({ server, userId: "carol" });
    const bridge = new FakeBridge(carol);
    server.sendC2C("alice", "carol", "hi");
    bridge.drain();
    bridge.takeEvents();
    phone.bridge.ask(batch(["c2c_alice", "group_guild"], true));
    bridge.drain();
    expect(bridge.takeEvents()).toEqual([]);
    expect(bridge.listed()).toEqual(["c2c_alice", "group_guild"]);
  });

  it("the option sets the server's switch; without it the switch stays", () => {
    const server = new EmbeddedServer();
    expect(server.syncDeletionAcrossClients).toBe(false);
    new EmbeddedCore({ server, syncDeletionAcrossClients: true });
    new EmbeddedCore({ server });
    expect(server.syncDeletionAcrossClients).toBe(true);
    expect(new EmbeddedCore({ syncDeletionAcrossClients: true }).server.syncDeletionAcrossClients).toBe(true);
    new EmbeddedCore({ server, syncDeletionAcrossClients: false });
    expect(server.syncDeletionAcrossClients).toBe(false);
  });
});

describe("messages", () => {
  it("carry the vendor's fields, as each side sees them", () => {
    const server = new EmbeddedServer({ now: () => 1_700_000_000_999 });
    server.sendC2C("a", "b", "hi");
    const common = {
      message_msg_id: "embedded-1",
      message_seq: 1,
      message_conv_type: 1,
      message_sender: "a",
      message_client_time: 1_700_000_000,
      message_server_time: 1_700_000_000,
      message_elem_array: [{ elem_type: 0, text_elem_content: "hi" }],
    };
    expect(server.history("a", "c2c_b")).toEqual([{ ...common, message_conv_id: "b", message_is_from_self: true }]);
    expect(server.history("b", "c2c_a")).toEqual([{ ...common, message_conv_id: "a", message_is_from_self: false }]);
    expect(server.conversations("a")[0]).toMatchObject({ conv_unread_num: 0, conv_last_msg: common });
    expect(server.conversations("b")[0]).toMatchObject({ conv_unread_num: 1, conv_active_time: 1_700_000_000 });
  });

  it("to oneself are one conversation with one message", () => {
    const server = new EmbeddedServer();
    server.sendC2C("me", "me", "note");
    expect(server.history("me", "c2c_me").map(textOf)).toEqual(["note"]);
    expect(server.conversations("me")).toHaveLength(1);
  });

  it("textOf reads text elements and nothing else", () => {
    expect(textOf({})).toBe("");
    expect(textOf({ message_elem_array: "no array" as never })).toBe("");
    const elements = [
      { elem_type: 0, text_elem_content: "a" },
      null,
      "b",
      { elem_type: 1 },
      { text_elem_content: "c" },
    ];
    expect(textOf({ message_elem_array: elements as never })).toBe("ac");
  });

  it("cannot be changed through what was given out", () => {
    const { server, phone } = twoDevices(false);
    const before = JSON.stringify(server);
    for (const list of [server.conversations("me"), phone.core.client.conversations()]) {
      (list[0] as { conv_id: string }).conv_id = "changed";
    }
    for (const history of [server.history("me", "c2c_alice"), phone.core.client.history("c2c_alice")]) {
      (history[0] as { message_sender: string }).message_sender = "changed";
      history.length = 0;
    }
    const state = server.toJSON();
    for (const { conversations } of [state.users[0], state.clients[0]?.copies[0]].flatMap((each) => each ?? [])) {
      (conversations[0]?.info as { conv_id: string }).conv_id = "changed";
      (conversations[0]?.history[0]?.message as { message_sender: string }).message_sender = "changed";
    }
    expect(JSON.stringify(server)).toBe(before);
  });
});

describe("bad ids on the server", () => {
  it.each<[string, (server: EmbeddedServer) => unknown, string]>([
    ["sendC2C from", (s) => s.sendC2C("", "b", "x"), "from"],
    ["sendC2C to", (s) => s.sendC2C("a", "b\0", "x"), "to"],
    ["sendC2C text", (s) => s.sendC2C("a", "b", 7 as never), "text"],
    ["sendGroup from", (s) => s.sendGroup(7 as never, "g", "x"), "from"],
    ["sendGroup group", (s) => s.sendGroup("a", "\udfff", "x"), "groupId"],
    ["addFriend", (s) => s.addFriend("a", ""), "friendId"],
    ["addFriend oneself", (s) => s.addFriend("a", "a"), "friendId"],
    ["unfriend", (s) => s.unfriend("", "a"), "userId"],
    ["joinGroup", (s) => s.joinGroup("a", ""), "groupId"],
    ["leaveGroup", (s) => s.leaveGroup("", "g"), "userId"],
    ["history, bare id", (s) => s.history("a", "alice"), "conversation"],
    ["history, prefix only", (s) => s.history("a", "c2c_"), "conversation"],
    ["client history", (s) => s.client().history("C2Calice"), "conversation"],
    ["import for nobody", (s) => s.importConversations("", []), "userId"],
    ["client id", (s) => s.client(""), "clientId"],
    ["client sign-in", (s) => s.client("one").signIn(""), "userId"],
    [
      "the switch",
      (s) => {
        s.syncDeletionAcrossClients = "on" as never;
      },
      "syncDeletionAcrossClients",
    ],
  ])("%s", (_, act, path) => {
    const server = new EmbeddedServer();
    server.client("one");
    const before = server.toJSON();
    expect(() => act(server)).toThrow(EmbeddedDataError);
    expect(() => act(server)).toThrow(expect.objectContaining({ path }));
    expect({ ...server.toJSON(), clients: [] }).toEqual({ ...before, clients: [] });
  });

  it("a client that is not initialised cannot sign in", () => {
    expect(() => new EmbeddedServer().client("one").signIn("me")).toThrow(/client one is not initialised/);
  });
});
