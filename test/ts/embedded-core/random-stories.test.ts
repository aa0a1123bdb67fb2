import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CoreMethod } from "../../../src/core/core-sdk.js";
import { EmbeddedCore, EmbeddedServer, textOf } from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, group, login, logout, prefixed } from "./fake-bridge.js";
import { Model } from "./model.js";

const oddIds = [
  "c2c_",
  "c2c_a",
  "group_",
  "GROUP",
  "GROUPa",
  "C2C",
  "_",
  "__proto__",
  "constructor",
  "@TIM#SYSTEM",
  "会话",
];
const id = fc.oneof(
  fc.constantFrom(...oddIds),
  fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\0")),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }),
);

const device = fc.nat({ max: 1 });
const who = fc.nat({ max: 3 });
const what = fc.record({ group: fc.boolean(), index: fc.nat({ max: 3 }) });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("sendC2C" as const), from: who, to: fc.nat({ max: 1 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("sendGroup" as const), from: who, group: who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("join" as const), user: who, group: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), user: who, group: who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("befriend" as const), user: who, friend: who, end: fc.boolean() }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("delete" as const), device, what }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("deleteList" as const),
      device,
      list: fc.array(what, { minLength: 1, maxLength: 4 }),
      clear: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("login" as const), device, user: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("logout" as const), device }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("sync" as const), on: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("drain" as const), device }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

interface Device {
  readonly core: EmbeddedCore;
  readonly bridge: FakeBridge;
  /** What the calls under way will have answered, by the model, when they are due. */
  readonly expected: (() => number[])[];
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Two devices, an EmbeddedServer and its model, doing the same things. */
class Story {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly model = new Model(2);
  server = new EmbeddedServer({ now: () => 0 });
  devices = this.#devices(true);
  /** Each device's list as its events tell it. */
  readonly heard: Set<string>[] = [new Set(), new Set()];
  messages = 0;

  constructor(users: readonly string[], groups: readonly string[]) {
    this.users = users;
    this.groups = groups;
    for (const index of [0, 1]) {
      // A first login, drained, so that every story begins with both devices of one user.
      this.#send(index, login(this.#user(0)), () => this.model.login(index, this.#user(0)));
      this.#drain(index);
    }
  }

  take(one: Step): void {
    switch (one.do) {
      case "sendC2C": {
        const text = `m${this.messages++}`;
        this.server.sendC2C(this.#user(one.from), this.#user(one.to), text);
        this.model.sendC2C(this.#user(one.from), this.#user(one.to), text);
        break;
      }
      case "sendGroup": {
        const [from, to, text] = [this.#user(one.from), this.#group(one.group), `m${this.messages++}`];
        const sent = this.model.sendGroup(from, to, text);
        if (sent) this.server.sendGroup(from, to, text);
        else expect(() => this.server.sendGroup(from, to, text)).toThrow(/is not in group/);
        break;
      }
      case "join":
        this.server.joinGroup(this.#user(one.user), this.#group(one.group));
        this.model.membersOf(this.#group(one.group)).add(this.#user(one.user));
        break;
      case "leave":
        this.server.leaveGroup(this.#user(one.user), this.#group(one.group));
        this.model.membersOf(this.#group(one.group)).delete(this.#user(one.user));
        break;
      case "befriend":
        if (one.user === one.friend) break;
        if (one.end) this.server.unfriend(this.#user(one.user), this.#user(one.friend));
        else this.server.addFriend(this.#user(one.user), this.#user(one.friend));
        break;
      case "delete": {
        const name = this.#conversation(one.what);
        const bare = one.what.group ? this.#group(one.what.index) : this.#user(one.what.index);
        this.#send(
          one.device,
          one.what.group ? group(bare) : c2c(bare),
          () => {
            const results = this.model.delete(one.device, [name], true);
            return results === undefined ? [6014] : [results[0] ? 0 : 6004];
          },
          true,
        );
        break;
      }
      case "deleteList": {
        const names = one.list.map((each) => this.#conversation(each));
        this.#send(
          one.device,
          batch(names, one.clear),
          () => {
            const results = this.model.delete(one.device, names, one.clear);
            if (results === undefined) return [6014];
            return [results.includes(true) ? 0 : 6003, ...results.map((done) => (done ? 0 : 6004))];
          },
          true,
        );
        break;
      }
      case "login":
        this.#send(one.device, login(this.#user(one.user)), () => this.model.login(one.device, this.#user(one.user)));
        break;
      case "logout":
        this.#send(one.device, logout, () => this.model.logout(one.device), true);
        break;
      case "sync":
        this.server.syncDeletionAcrossClients = one.on;
        this.model.sync = one.on;
        break;
      case "drain":
        this.#drain(one.device);
        break;
      case "restart":
        for (const each of this.devices) each.core.close();
        this.server = EmbeddedServer.fromJSON(JSON.stringify(this.server), { now: () => 0 });
        this.devices = this.#devices(false);
        this.model.restart();
        for (const heard of this.heard) heard.clear();
        break;
    }
  }

  check(): void {
    const state = this.server.toJSON();
    expect(EmbeddedServer.fromJSON(state).toJSON()).toEqual(state);
    const names = this.users.map((user) => `c2c_${user}`).concat(this.groups.map((each) => `group_${each}`));
    for (const user of this.users) {
      expect(this.server.conversations(user).map(prefixed).sort()).toEqual(this.model.listOnServer(user).sort());
      for (const name of names) {
        expect(this.server.history(user, name).map(textOf)).toEqual(this.model.historyOnServer(user, name));
        this.devices.forEach(({ core }, index) => {
          expect(core.client.history(name, user).map(textOf)).toEqual(this.model.historyOn(index, user, name));
        });
      }
      this.devices.forEach(({ core }, index) => {
        expect(core.client.conversations(user).map(prefixed).sort()).toEqual(this.model.listOn(index, user).sort());
      });
    }
  }

  finish(): void {
    for (const index of [0, 1]) this.#drain(index);
    for (const index of [0, 1]) this.#drain(index);
    this.check();
    this.devices.forEach(({ core }, index) => {
      const list = core.client.conversations().map(prefixed);
      expect([...(this.heard[index] ?? [])].sort()).toEqual(list.sort());
    });
  }

  #user(index: number): string {
    return this.users[index] as string;
  }

  #group(index: number): string {
    return this.groups[index] as string;
  }

  #conversation({ group, index }: { readonly group: boolean; readonly index: number }): string {
    return group ? `group_${this.#group(index)}` : `c2c_${this.#user(index)}`;
  }

  #devices(first: boolean): Device[] {
    return [0, 1].map((index) => {
      const core = new EmbeddedCore({ server: this.server, clientId: `device ${index}`, signedIn: false });
      const bridge = new FakeBridge(core);
      core.client.init();
      if (!first) expect(core.client.signedInAs).toBeUndefined();
      return { core, bridge, expected: [] };
    });
  }

  /** `expected` gives the code and each conversation's; it runs when the call is due. */
  #send(index: number, method: CoreMethod, expected: () => number[], bound = false): void {
    const { bridge, expected: queue } = this.#device(index);
    expect(bridge.send(method).returned).toBe(0);
    queue.push(bound ? this.model.bind(index, expected) : expected);
  }

  #device(index: number): Device {
    return this.devices[index] as Device;
  }

  #drain(index: number): void {
    const { bridge, core, expected } = this.#device(index);
    const heard = this.heard[index] as Set<string>;
    const codes = expected.splice(0).map((answer) => answer());
    bridge.drain();
    expect(bridge.results().map(({ code, json }) => [code, ...codesIn(json)])).toEqual(codes);
    for (const [event, names] of bridge.takeEvents()) {
      if (event === "Start") {
        heard.clear();
        for (const name of this.model.listAtLogin.get(index)?.shift() ?? []) heard.add(name);
      }
      for (const name of names) {
        expect([event, name, heard.has(name)]).toEqual([event, name, event !== "Add"]);
        if (event === "Add") heard.add(name);
        if (event === "Del") heard.delete(name);
      }
    }
    if (core.client.signedInAs === undefined) heard.clear();
  }
}

function codesIn(json: string): number[] {
  if (json === "" || json === "[]") return [];
  return (JSON.parse(json) as { conversation_operation_result_result_code: number }[]).map(
    (entry) => entry.conversation_operation_result_result_code,
  );
}

describe("random stories, against the model", () => {
  it("come out the same: answers, lists, histories, events, and the state's round trip at every point", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { minLength: 4, maxLength: 4 }),
        fc.uniqueArray(id, { minLength: 4, maxLength: 4 }),
        fc.array(step, { maxLength: 80, size: "max" }),
        (users, groups, steps) => {
          const story = new Story(users, groups);
          for (const one of steps) {
            story.take(one);
            story.check();
          }
          story.finish();
        },
      ),
      { numRuns: 80 },
    );
  });

  it("the deletion named by a random id deletes that conversation and no other", () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 1, maxLength: 8 }), fc.nat(), fc.boolean(), (ids, pick, asGroup) => {
        const conversations = ids.flatMap((conv_id) => [
          { conv_id, conv_type: 1 },
          { conv_id, conv_type: 2 },
        ]);
        const bridge = new FakeBridge(new EmbeddedCore({ conversations }));
        const chosen = ids[pick % ids.length] as string;
        expect(bridge.ask(asGroup ? group(chosen) : c2c(chosen)).code).toBe(0);
        const rest = conversations.filter((one) => one.conv_id !== chosen || one.conv_type !== (asGroup ? 2 : 1));
        expect(bridge.list()).toEqual(rest);
        expect(bridge.ask(batch([`${asGroup ? "c2c" : "group"}_${chosen}`], false)).code).toBe(0);
        expect(bridge.list()).toEqual(rest.filter((one) => one.conv_id !== chosen));
      }),
    );
  });

  it("any JSON in a list comes back as it went in", () => {
    const info = fc
      .tuple(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), id, fc.integer({ min: 1, max: 3 }))
      .map(([fields, conv_id, conv_type]) => JSON.parse(JSON.stringify({ ...fields, conv_id, conv_type })));
    const list = fc.uniqueArray(info, { selector: (one) => `${one.conv_type} ${one.conv_id}`, maxLength: 5 });
    fc.assert(
      fc.property(list, (conversations) => {
        const text = JSON.stringify(conversations);
        const core = new EmbeddedCore({ userId: "me", conversations: text });
        expect(JSON.stringify(new FakeBridge(core).list())).toBe(text);
        expect(JSON.stringify(new FakeBridge(new EmbeddedCore({ state: JSON.stringify(core) })).list())).toBe(text);
      }),
    );
  });
});
