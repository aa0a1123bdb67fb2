import { describe, expect, it } from "vitest";
import { EmbeddedCore, EmbeddedDataError, EmbeddedServer, type EmbeddedState } from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, logout } from "./fake-bridge.js";

/** A state with something in every place. */
function fullState(): EmbeddedState {
  const server = new EmbeddedServer({ syncDeletionAcrossClients: true, now: () => 1000 });
  server.importConversations("me", [{ conv_id: "x", conv_type: 1, conv_is_pinned: true, other: { a: [1, null] } }]);
  server.joinGroup("me", "g");
  server.joinGroup("bob", "g");
  server.sendGroup("bob", "g", "g1");
  server.sendC2C("bob", "me", "b1");
  server.addFriend("me", "bob");
  const phone = new FakeBridge(new EmbeddedCore({ server, userId: "me" }));
  const pc = new FakeBridge(new EmbeddedCore({ server, userId: "me", clientId: "pc" }));
  pc.ask(logout);
  phone.ask(batch(["c2c_bob"], false));
  phone.ask(c2c("x"));
  return server.toJSON();
}

/** A copy of the full state with the value at `path` replaced; `undefined` removes it. */
function broken(path: string, value: unknown): unknown {
  const state = structuredClone(fullState()) as unknown;
  const steps = path.split(".").filter((step) => step !== "");
  const last = steps.pop();
  if (last === undefined) return value;
  let at = state as Record<string, unknown>;
  for (const step of steps) at = at[step] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return state;
}

describe("the state as JSON", () => {
  it("has something in every place (or the tests below test nothing)", () => {
    const state = fullState();
    expect(state).toMatchObject({
      version: 1,
      syncDeletionAcrossClients: true,
      nextMessageSeq: 3,
      users: [{ userId: "me", conversations: [{ listed: false }, { listed: true }] }, { userId: "bob" }],
      friendships: [["me", "bob"]],
      groups: [{ groupId: "g", members: ["me", "bob"] }],
      clients: [
        { clientId: "client-1", initialised: true, signedInAs: "me", copies: [{ userId: "me", missedDeletions: [] }] },
        {
          clientId: "pc",
          initialised: true,
          signedInAs: null,
          copies: [
            {
              missedDeletions: [
                { convId: "bob", clearMessage: false },
                { convId: "x", clearMessage: true },
              ],
            },
          ],
        },
      ],
    });
  });

  it("round-trips exactly, parsed and as text", () => {
    const state = fullState();
    expect(EmbeddedServer.fromJSON(state).toJSON()).toEqual(state);
    expect(JSON.stringify(EmbeddedServer.fromJSON(JSON.stringify(state)))).toBe(JSON.stringify(state));
    expect(new EmbeddedServer().toJSON()).toEqual(EmbeddedServer.fromJSON(new EmbeddedServer().toJSON()).toJSON());
  });

  it("is a core to go on with: the same user, client and list", () => {
    const state = fullState();
    const core = new EmbeddedCore({ state });
    expect([core.client.clientId, core.client.signedInAs]).toEqual(["client-1", "me"]);
    expect(core.toJSON()).toEqual(state);
    const bridge = new FakeBridge(core);
    expect(bridge.listed()).toEqual(["group_g"]);
    core.server.sendC2C("bob", "me", "b2");
    bridge.drain();
    expect(bridge.takeEvents()).toEqual([["Add", ["c2c_bob"]]]);
    expect(core.client.history("c2c_bob")).toHaveLength(2);
    expect(state).toEqual(fullState());
  });

  it("is one also after close, whoever was signed in last on that client", () => {
    const core = new EmbeddedCore({ userId: "me", conversations: [{ conv_id: "x", conv_type: 1 }] });
    new FakeBridge(core);
    core.close();
    const next = new EmbeddedCore({ state: JSON.stringify(core.toJSON()) });
    expect(next.client.signedInAs).toBe("me");
    expect(new FakeBridge(next).listed()).toEqual(["c2c_x"]);
  });

  it("brings what another client missed to it when it is taken up", () => {
    const core = new EmbeddedCore({ state: fullState(), clientId: "pc", signedIn: false });
    expect(core.client.conversations("me").map(({ conv_id }) => conv_id)).toEqual(["x", "bob", "g"]);
    core.client.init();
    core.client.signIn("me");
    const bridge = new FakeBridge(core);
    expect(bridge.listed()).toEqual(["group_g"]);
  });

  it("takes a clientId that is new", () => {
    const core = new EmbeddedCore({ state: fullState(), userId: "bob", clientId: "tablet" });
    expect(core.server.clients.map(({ clientId }) => clientId)).toEqual(["client-1", "pc", "tablet"]);
    expect(new FakeBridge(core).listed()).toEqual(["c2c_me", "group_g"]);
    expect(new EmbeddedServer().client().clientId).toBe("client-1");
  });

  it("is not taken together with a server", () => {
    expect(() => new EmbeddedCore({ server: new EmbeddedServer(), state: fullState() })).toThrow(/options.state/);
  });

  it("keeps ids that would harm an object", () => {
    const ids = ["__proto__", "constructor", "toString", "hasOwnProperty", "c2c_", "group_", '"', "\\", "1:x"];
    const server = new EmbeddedServer();
    for (const id of ids) {
      server.joinGroup(id, id);
      server.sendGroup(id, id, "hi");
      for (const other of ids) server.sendC2C(id, other, "hi");
      const client = server.client(id);
      client.init();
      client.signIn(id);
    }
    server.importConversations("__proto__", '[{"conv_id":"new","conv_type":1,"__proto__":{"conv_type":2}}]');
    const state = server.toJSON();
    const again = EmbeddedServer.fromJSON(JSON.stringify(state));
    expect(JSON.stringify(again)).toBe(JSON.stringify(state));
    for (const id of ids) expect(again.client(id).conversations()).toEqual(server.conversations(id));
    expect(JSON.stringify(again.conversations("__proto__").at(-1))).toBe(
      '{"conv_id":"new","conv_type":1,"__proto__":{"conv_type":2}}',
    );
    expect(Object.prototype).not.toHaveProperty("conv_type");
  });

  const message = { seq: 1, message: {} };
  it.each<[string, unknown, string, RegExp]>([
    ["", "{", "state", /not JSON/],
    ["", null, "state", /is null; an object/],
    ["", [], "state", /is an array; an object/],
    ["version", undefined, "state.version", /is missing; this release reads version 1/],
    ["version", 2, "state.version", /is 2; this release reads version 1/],
    ["version", "1", "state.version", /is "1"; this release/],
    ["syncDeletionAcrossClients", "on", "state.syncDeletionAcrossClients", /is a string/],
    ["syncDeletionAcrossClients", undefined, "state.syncDeletionAcrossClients", /is missing/],
    ["nextMessageSeq", 0, "state.nextMessageSeq", /is 0; a whole number from 1 up/],
    ["nextMessageSeq", 2.5, "state.nextMessageSeq", /is 2.5/],
    ["nextMessageSeq", 2, "state.users[0].conversations[0].history[0].seq", /is 2, not below/],
    ["extra", 1, "state.extra", /is not known; the fields here are version, /],
    ["__proto__x", 1, "state.__proto__x", /is not known/],
    ["users", {}, "state.users", /is an object; an array/],
    ["users.1.userId", "me", "state.users[1]", /is the same as state.users\[0\]/],
    ["users.1.userId", "", "state.users[1].userId", /is empty/],
    ["users.1.conversations", undefined, "state.users[1].conversations", /is missing/],
    ["users.0.conversations.1.listed", 1, "state.users[0].conversations[1].listed", /is a number/],
    ["users.0.conversations.1.info.conv_type", 7, "state.users[0].conversations[1].info.conv_type", /is 7/],
    ["users.0.conversations.1.info.conv_id", undefined, "state.users[0].conversations[1].info.conv_id", /is missing/],
    [
      "users.0.conversations.1.info",
      { conv_id: "bob", conv_type: 1 },
      "state.users[0].conversations[1]",
      /is the same as/,
    ],
    [
      "users.0.conversations.1.history",
      [message, message],
      "state.users[0].conversations[1].history[1].seq",
      /not above 1/,
    ],
    ["users.0.conversations.1.history", [{ seq: 1 }], "state.users[0].conversations[1].history[0].message", /missing/],
    ["users.0.conversations.1.history", ["hi"], "state.users[0].conversations[1].history[0]", /is a string/],
    ["friendships.0", ["me"], "state.friendships[0]", /has 1 entries/],
    ["friendships.0", ["me", "me"], "state.friendships[0][1]", /the same user/],
    ["friendships.1", ["bob", "me"], "state.friendships[1]", /is the same as state.friendships\[0\]/],
    ["groups.0.members.1", "me", "state.groups[0].members[1]", /is the same as/],
    ["groups.0.members.1", "b\0b", "state.groups[0].members[1]", /NUL/],
    ["groups.0.groupId", 42, "state.groups[0].groupId", /is a number; a string/],
    ["clients.1.clientId", "client-1", "state.clients[1]", /is the same as/],
    ["clients.0.initialised", false, "state.clients[0].signedInAs", /not initialised/],
    ["clients.0.signedInAs", "bob", "state.clients[0].signedInAs", /no copy/],
    ["clients.0.signedInAs", undefined, "state.clients[0].signedInAs", /is missing/],
    ["clients.1.copies.0.userId", "", "state.clients[1].copies[0].userId", /is empty/],
    [
      "clients.1.copies.0.missedDeletions.0.convType",
      3,
      "state.clients[1].copies[0].missedDeletions[0].convType",
      /is 3/,
    ],
    ["clients.1.copies.0.missedDeletions.1.convId", "bob", "state.clients[1].copies[0].missedDeletions[1]", /the same/],
    ["clients.1.copies.0.conversations.0.when", 1, "state.clients[1].copies[0].conversations[0].when", /not known/],
  ])("is refused with its path: %s = %j", (at, value, path, problem) => {
    const make = () => EmbeddedServer.fromJSON(broken(at, value));
    expect(make).toThrow(EmbeddedDataError);
    expect(make).toThrow(problem);
    expect(make).toThrow(expect.objectContaining({ path }));
  });
});
