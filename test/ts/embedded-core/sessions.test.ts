import { describe, expect, it } from "vitest";
import { EmbeddedCore, EmbeddedServer } from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, getList, init, login, logout, uninit } from "./fake-bridge.js";

function twoUsers() {
  const server = new EmbeddedServer();
  for (const user of ["alice", "bob"]) {
    server.sendC2C("carol", user, "hi");
    server.sendC2C("dave", user, "hi");
  }
  const core = new EmbeddedCore({ server, userId: "alice" });
  return { server, core, bridge: new FakeBridge(core) };
}
const has = (server: EmbeddedServer, user: string) => server.conversations(user).map(({ conv_id }) => conv_id);

describe("signing in and out", () => {
  it("Login tells Start, what is new to this client, and Finish, after its answer", () => {
    const { bridge } = twoUsers();
    bridge.send(login("bob"));
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "Start", "Add c2c_dave,c2c_carol", "Finish"]);
  });

  it("what an EmbeddedCore starts with is no news", () => {
    const { bridge } = twoUsers();
    bridge.drain();
    expect(bridge.told).toEqual([]);
  });

  it("Login of another user switches, and back: each has a list of their own", () => {
    const { server, bridge } = twoUsers();
    bridge.ask(c2c("dave"));
    bridge.ask(login("bob"));
    expect(bridge.listed()).toEqual(["c2c_dave", "c2c_carol"]);
    bridge.ask(c2c("carol"));
    bridge.ask(login("alice"));
    expect(bridge.listed()).toEqual(["c2c_carol"]);
    expect([has(server, "alice"), has(server, "bob")]).toEqual([["carol"], ["dave"]]);
  });

  it("Login of the user who is signed in changes nothing", () => {
    const { core, bridge } = twoUsers();
    const before = core.toJSON();
    expect(bridge.ask(login("alice")).code).toBe(0);
    expect(bridge.takeEvents()).toEqual([]);
    expect(core.toJSON()).toEqual(before);
  });

  it("Login with an id that none can have: 6017, and the user stays", () => {
    const { core, bridge } = twoUsers();
    expect(bridge.ask(login("b\0b")).code).toBe(6017);
    expect(bridge.ask(login("\ud800")).code).toBe(6017);
    expect(core.client.signedInAs).toBe("alice");
  });

  it("after Logout every call answers 6014, after Uninit 6013", () => {
    const { bridge } = twoUsers();
    expect(bridge.ask(logout).code).toBe(0);
    for (const method of [c2c("carol"), batch(["c2c_carol"], false), getList, logout]) {
      expect(bridge.ask(method).code).toBe(6014);
    }
    expect(bridge.ask(uninit).code).toBe(0);
    for (const method of [c2c("carol"), batch(["c2c_carol"], false), getList, logout, login("alice")]) {
      expect(bridge.ask(method).code).toBe(6013);
    }
  });

  it("Init and Uninit take effect at the call, as in C; Login later", () => {
    const { core, bridge } = twoUsers();
    bridge.send(uninit);
    expect(core.client.initialised).toBe(false);
    bridge.send(init);
    expect(core.client.initialised).toBe(true);
    bridge.send(login("bob"));
    expect(core.client.signedInAs).toBeUndefined();
    bridge.drain();
    expect(core.client.signedInAs).toBe("bob");
  });

  it("a Login that was under way at Uninit signs nobody in", () => {
    const { core, bridge } = twoUsers();
    bridge.ask(logout);
    bridge.send(login("bob"));
    bridge.send(uninit);
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "result 2: 6013", "result 3: 0"]);
    expect(core.client.signedInAs).toBeUndefined();
  });

  it("messages that came in between are there at the next login", () => {
    const { server, bridge } = twoUsers();
    bridge.ask(logout);
    server.sendC2C("erin", "alice", "new");
    server.sendC2C("carol", "alice", "more");
    bridge.drain();
    expect(bridge.takeEvents()).toEqual([]);
    bridge.ask(login("alice"));
    expect(bridge.takeEvents()).toEqual([
      ["Start", []],
      ["Add", ["c2c_erin"]],
      ["Update", ["c2c_carol"]],
      ["Finish", []],
    ]);
    expect(bridge.listed()).toEqual(["c2c_carol", "c2c_erin", "c2c_dave"]);
  });
});

describe("what was asked for never runs as another user", () => {
  it("a deletion asked for before a switch runs before it, as the one who asked", () => {
    const { server, bridge } = twoUsers();
    bridge.send(c2c("carol"));
    bridge.send(login("bob"));
    bridge.drain();
    expect(bridge.story()).toEqual([
      "result 1: 0",
      "Del c2c_carol",
      "result 2: 0",
      "Start",
      "Add c2c_dave,c2c_carol",
      "Finish",
    ]);
    expect([has(server, "alice"), has(server, "bob")]).toEqual([["dave"], ["dave", "carol"]]);
  });

  it("a deletion asked for while a switch is under way is not carried out", () => {
    const { server, bridge } = twoUsers();
    bridge.send(login("bob"));
    bridge.send(c2c("carol"));
    bridge.send(batch(["c2c_carol"], false));
    bridge.send(getList);
    bridge.send(logout);
    bridge.drain();
    expect(bridge.results().map(({ code, json }) => [code, json])).toEqual([
      [0, ""],
      [6014, ""],
      [6014, "[]"],
      [6014, "[]"],
      [6014, ""],
    ]);
    expect([has(server, "alice"), has(server, "bob")]).toEqual([
      ["dave", "carol"],
      ["dave", "carol"],
    ]);
  });

  it.each([
    ["another user", "bob"],
    ["the same user anew", "alice"],
  ])("nor one that the client's sign-in of %s overtakes", (_, next) => {
    const { server, core, bridge } = twoUsers();
    bridge.send(c2c("carol"));
    core.client.signOut();
    core.client.signIn(next);
    bridge.drain();
    expect(bridge.results()).toMatchObject([{ code: 6014, desc: "asked for in an earlier login" }]);
    expect([has(server, "alice"), has(server, "bob")]).toEqual([
      ["dave", "carol"],
      ["dave", "carol"],
    ]);
  });

  it("nor one that Uninit overtakes: 6013", () => {
    const { server, bridge } = twoUsers();
    bridge.send(c2c("carol"));
    bridge.send(uninit);
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 6013", "result 2: 0"]);
    expect(has(server, "alice")).toEqual(["dave", "carol"]);
  });

  it("a Login asked for before Init is answered 6013, even if Init comes first", () => {
    const bridge = new FakeBridge(new EmbeddedCore({ signedIn: false }));
    bridge.send(login("alice"));
    bridge.send(init);
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 6013", "result 2: 0"]);
  });

  it("one asked for before a login is answered 6014, even if the login comes first", () => {
    const { server, bridge } = twoUsers();
    bridge.ask(logout);
    bridge.send(login("bob"));
    bridge.send(c2c("carol"));
    bridge.drain();
    expect(bridge.results().map(({ code }) => code)).toEqual([0, 0, 6014]);
    expect(has(server, "bob")).toEqual(["dave", "carol"]);
  });
});

describe("the order of what is told", () => {
  it("what happened before a call was carried out comes before its answer", () => {
    const { server, bridge } = twoUsers();
    bridge.send(c2c("erin"));
    server.sendC2C("erin", "alice", "hi");
    bridge.drain();
    expect(bridge.story()).toEqual(["Add c2c_erin", "result 1: 0", "Del c2c_erin"]);
    expect(bridge.listed()).toEqual(["c2c_dave", "c2c_carol"]);
  });

  it("what a user's callback causes comes after the deletion", () => {
    const { server, bridge } = twoUsers();
    bridge.onResult = () => server.sendC2C("carol", "alice", "wait!");
    bridge.send(c2c("carol"));
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "Del c2c_carol", "Add c2c_carol"]);
  });

  it("an event is told on a later turn, once", () => {
    const { server, bridge } = twoUsers();
    server.sendC2C("erin", "alice", "1");
    server.sendC2C("erin", "alice", "2");
    expect(bridge.told).toEqual([]);
    expect(bridge.waitingJobs).toBe(1);
    bridge.turn();
    expect(bridge.takeEvents()).toEqual([
      ["Add", ["c2c_erin"]],
      ["Update", ["c2c_erin"]],
    ]);
    bridge.drain();
    expect(bridge.told).toEqual([]);
  });

  it("an event that comes after a listener threw is told still", () => {
    const { server, bridge } = twoUsers();
    bridge.onResult = () => {
      throw new Error("a broken sink");
    };
    bridge.send(c2c("carol"));
    expect(() => bridge.turn()).toThrow("a broken sink");
    bridge.onResult = undefined;
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0", "Del c2c_carol"]);
    server.sendC2C("erin", "alice", "hi");
    bridge.drain();
    expect(bridge.takeEvents().at(-1)).toEqual(["Add", ["c2c_erin"]]);
  });
});

describe("open and close", () => {
  it("nothing is told after close, and what waited is not carried out", () => {
    const { server, core, bridge } = twoUsers();
    bridge.send(c2c("carol"));
    server.sendC2C("erin", "alice", "hi");
    core.close();
    bridge.drain();
    expect(bridge.told).toEqual([]);
    expect(has(server, "alice")).toContain("carol");
    expect(bridge.send(getList).returned).toBe(-1);
    expect(core.client.initialised).toBe(false);
    core.close();
  });

  it("close from inside an answer stops what would follow", () => {
    const { core, bridge } = twoUsers();
    bridge.onResult = () => core.close();
    bridge.send(c2c("carol"));
    bridge.send(c2c("dave"));
    bridge.drain();
    expect(bridge.story()).toEqual(["result 1: 0"]);
  });

  it("a core serves one bridge at a time, and another after it", () => {
    const { server, core, bridge } = twoUsers();
    expect(() => new FakeBridge(core)).toThrow(/serves another bridge already/);
    bridge.send(c2c("carol"));
    core.close();
    server.sendC2C("erin", "alice", "while closed");
    const next = new FakeBridge(core);
    bridge.drain();
    expect(next.listed()).toEqual(["c2c_erin", "c2c_dave", "c2c_carol"]);
    expect(bridge.told).toEqual([]);
  });

  it("a client belongs to one core", () => {
    const { server, core } = twoUsers();
    const { clientId } = core.client;
    expect(() => new EmbeddedCore({ server, clientId })).toThrow(/client-1.*another EmbeddedCore holds/);
    core.close();
    const heir = new EmbeddedCore({ server, clientId });
    expect(heir.client).toBe(core.client);
    expect(heir.client.signedInAs).toBe("alice");
    expect(() => new FakeBridge(core)).toThrow(/another EmbeddedCore holds client client-1/);
    core.close();
    expect(new FakeBridge(heir).listed()).toEqual(["c2c_dave", "c2c_carol"]);
  });
});
