import { describe, expect, test } from "vitest";
import type { Conversation } from "../../src/conversation/conv-info.js";
import { TIMConvEvent, TIMResult } from "../../src/core/tim-types.js";
import { C2C, makeRig, type Rig, recorder } from "./support/rig.js";

const { kTIMConvEvent_Add: Add, kTIMConvEvent_Del: Del, kTIMConvEvent_Update: Update } = TIMConvEvent;

interface Heard {
  readonly said: [string, unknown][];
}

const names = (conversations: readonly Conversation[]): string[] => conversations.map(({ info }) => info.conv_id);

/** Listens to every conversation event. */
function listening(options: Parameters<typeof makeRig>[0] = {}): Rig & Heard {
  const rig = makeRig({ plugin: true, ...options });
  const said: [string, unknown][] = [];
  rig.bridge.onConversationAdded((event) => said.push(["added", names(event.conversations)]));
  rig.bridge.onConversationUpdated((event) => said.push(["updated", names(event.conversations)]));
  rig.bridge.onConversationDeleted((event) => said.push(["deleted", event.conversations]));
  rig.bridge.onConversationListSync((event) => said.push(["sync", event.state]));
  rig.bridge.onConversationListReset((event) => said.push(["reset", names(event.conversations)]));
  return { ...rig, said };
}

const info = (id: string, more: object = {}): object => ({ conv_id: id, conv_type: C2C, ...more });
const message = (time: number, id?: string): object => ({
  conv_is_has_lastmsg: true,
  conv_last_msg: { message_server_time: time, ...(id === undefined ? {} : { message_msg_id: id }) },
});
const json = (...infos: unknown[]): string => JSON.stringify(infos);

describe("what the core tells of conversations", () => {
  test("every kind is heard, in its order, and C# hears the same", () => {
    const { core, host, said } = listening();
    core.event(3, "");
    core.event(
      Add,
      json(info("a", { conv_show_name: "A", conv_unread_num: 2, conv_active_time: 7, conv_is_pinned: true })),
    );
    core.event(Update, json(info("b")));
    core.event(Del, json(info("c")));
    core.event(4, "");
    expect(said).toEqual([
      ["sync", "started"],
      ["added", ["a"]],
      ["updated", ["b"]],
      ["deleted", [{ userId: "c" }]],
      ["sync", "finished"],
    ]);
    expect(host.notices).toMatchObject([
      { conversationListSync: { state: 1 } },
      {
        conversationsAdded: {
          conversations: [
            { conversation: { userId: "a" }, showName: "A", unreadNum: 2, activeTime: 7, isPinned: true },
          ],
        },
      },
      { conversationsUpdated: { conversations: [{ conversation: { userId: "b" } }] } },
      { conversationsDeleted: { conversations: [{ userId: "c" }] } },
      { conversationListSync: { state: 2 } },
    ]);
  });

  test("one that names nobody is told as an error, and passes for nothing", () => {
    const { core, host, said, errors, bridge } = listening();
    for (const type of [Add, Update, Del]) core.event(type, "");
    expect(said).toEqual([]);
    expect(host.notices).toEqual([]);
    expect(errors.map(String)).toEqual(
      ["Add", "Update", "Del"].map((name) =>
        expect.stringContaining(`the core's ${name} event: it names no conversation`),
      ),
    );
    expect(bridge.counters.malformed).toBe(3);
  });

  test.each([
    ["nothing of it", "{nope"],
    ["a part of it", json(info("a"), { conv_id: 7 } as never)],
  ])("one of which %s can be read may have said anything: the list is asked for", (_what, payload) => {
    const { bridge, core, said } = listening();
    core.event(Del, payload);
    expect(core.methods()).toEqual([{ name: "ConvGetConvList" }]);
    expect(bridge.counters.eventsLost).toBe(1);
    core.answer({ json: json(info("b")) });
    expect(said.at(-1)).toEqual(["reset", ["b"]]);
  });

  test("id strings are taken for infos in every event", () => {
    const { core, said } = listening();
    for (const type of [Add, Update]) core.event(type, '["c2c_a","group_b"]');
    expect(said).toEqual([
      ["added", ["a", "b"]],
      ["updated", ["a", "b"]],
    ]);
  });

  test("fields of another type than the vendor's count as not given, in C#'s message", () => {
    const { core, host } = listening();
    const odd = { conv_show_name: 7, conv_unread_num: -1, conv_active_time: "soon", conv_is_pinned: 1 };
    core.event(
      Add,
      json(info("a", odd), info("b", { conv_unread_num: 2 ** 40, conv_show_name: "x\ud800".repeat(999) })),
    );
    const [first, second] = host.notices[0].conversationsAdded.conversations;
    expect(first).toEqual({ conversation: { userId: "a" } });
    expect(second.unreadNum).toBe(2 ** 32 - 1);
    expect(second.showName.length).toBeLessThan(300);
  });

  test("long lists come in parts, each of which fits a frame, alike on both sides", () => {
    const { core, host, said } = listening();
    const many = Array.from({ length: 600 }, (_, i) => info(`u${i}`, { conv_show_name: "会".repeat(500) }));
    core.event(Add, json(...many));
    expect(said.map(([, ids]) => (ids as string[]).length)).toEqual([250, 250, 100]);
    expect(host.notices.map(({ conversationsAdded }) => conversationsAdded.conversations.length)).toEqual([
      250, 250, 100,
    ]);
    expect(host.notices.every((notice) => JSON.stringify(notice).length < 500_000)).toBe(true);
  });
});

describe("a conversation that was deleted", () => {
  const deleted = (rig: Rig, ...payload: unknown[]): void => rig.core.event(Del, json(...payload));
  const heardOf = (rig: Rig & Heard, update: object): boolean => {
    const before = rig.said.length;
    const dropped = rig.bridge.counters.updatesDropped;
    rig.core.event(Update, json(update));
    const heard = rig.said.length > before;
    expect(rig.bridge.counters.updatesDropped).toBe(dropped + (heard ? 0 : 1));
    return heard;
  };

  test.each([
    ["nothing in it", {}],
    ["the last message that it had", message(100, "m1")],
    ["an older one", message(99, "m0")],
    ["an older active time", { conv_active_time: 100 }],
    ["no last message, it says", { ...message(500), conv_is_has_lastmsg: false }],
  ])("stays gone after an update with %s", (_what, update) => {
    const rig = listening();
    deleted(rig, info("a", message(100, "m1")));
    expect(heardOf(rig, info("a", update))).toBe(false);
    expect(heardOf(rig, info("b"))).toBe(true);
  });

  test.each([
    ["a later message", message(101)],
    ["another message of the same second", message(100, "m2")],
    ["a later active time", { conv_active_time: 101 }],
  ])("is back after an update with %s, and stays", (_what, update) => {
    const rig = listening();
    deleted(rig, info("a", message(100, "m1")));
    expect(heardOf(rig, info("a", update))).toBe(true);
    expect(heardOf(rig, info("a"))).toBe(true);
  });

  test("is back after an Add", () => {
    const rig = listening();
    deleted(rig, "c2c_a");
    rig.core.event(Add, json(info("a")));
    expect(heardOf(rig, info("a"))).toBe(true);
  });

  test("named by its id alone: what was known of it from events and lists counts", () => {
    const rig = listening();
    rig.core.event(Update, json(info("a", message(100, "m1"))));
    rig.bridge.ConvGetConvList(() => {});
    rig.core.answer({ json: json(info("b", message(200, "m9"))) });
    deleted(rig, "c2c_a", "c2c_b");
    expect(heardOf(rig, info("a", message(100, "m1")))).toBe(false);
    expect(heardOf(rig, info("b", message(200, "m9")))).toBe(false);
    expect(heardOf(rig, info("a", message(101)))).toBe(true);
    expect(heardOf(rig, info("b", message(201)))).toBe(true);
  });

  test("of which nothing was known: the device's clock decides", () => {
    const rig = listening();
    deleted(rig, "c2c_a");
    const seconds = Date.now() / 1000;
    expect(heardOf(rig, info("a", message(Math.floor(seconds) - 5)))).toBe(false);
    expect(heardOf(rig, info("a", message(Math.ceil(seconds) + 5)))).toBe(true);
  });

  test("is another user's no more", () => {
    const rig = listening();
    deleted(rig, "c2c_a");
    rig.bridge.Login("other", "sig");
    rig.core.answer();
    expect(heardOf(rig, info("a"))).toBe(true);
  });

  test("ten thousand are remembered, the oldest is forgotten first", () => {
    const rig = listening();
    for (let i = 0; i <= 10_000; i++) deleted(rig, `c2c_u${i}`);
    expect(heardOf(rig, info("u1"))).toBe(false);
    expect(heardOf(rig, info("u10000"))).toBe(false);
    expect(heardOf(rig, info("u0"))).toBe(true);
  });
});

describe("events were lost", () => {
  const list = (rig: Rig): number => rig.core.methods().filter(({ name }) => name === "ConvGetConvList").length;

  test("the bridge asks for the list by itself, and both sides hear it", () => {
    const { core, host, bridge, said } = listening();
    core.lose(4000);
    expect(core.last.method).toEqual({ name: "ConvGetConvList" });
    core.answer({ json: json(info("a"), info("b")) });
    expect(said).toEqual([["reset", ["a", "b"]]]);
    expect(host.notices).toMatchObject([{ conversationListReset: { conversations: [{}, {}] } }]);
    expect(bridge.counters.eventsLost).toBe(4000);
  });

  test("an empty list, and one of many parts, are one reset each", () => {
    const { core, host, said } = listening();
    core.lose(1);
    core.answer({ json: "[]" });
    expect(host.notices).toMatchObject([{ conversationListReset: {} }]);
    core.lose(1);
    core.answer({ json: json(...Array.from({ length: 300 }, (_, i) => info(`u${i}`))) });
    expect(said.map(([, ids]) => (ids as string[]).length)).toEqual([0, 300]);
    expect(host.notices.slice(1).map(({ conversationListReset }) => conversationListReset.more ?? false)).toEqual([
      true,
      false,
    ]);
  });

  test("one that was deleted stays so unless the list has something new of it", () => {
    const rig = listening();
    rig.core.event(Del, json(info("old", message(100, "m")), info("new", message(100, "m")), info("gone")));
    rig.core.lose(1);
    rig.core.answer({ json: json(info("old", message(100, "m")), info("new", message(101)), info("other")) });
    expect(rig.said.at(-1)).toEqual(["reset", ["new", "other"]]);
    rig.core.event(Update, json(info("gone"), info("old", message(100, "m"))));
    expect(rig.said.at(-1)?.[0]).toBe("reset");
    expect(rig.bridge.counters.updatesDropped).toBe(3);
  });

  test("lost again while the list is on its way: it is asked for once more, and no more", () => {
    const rig = listening();
    rig.core.lose(1);
    rig.core.lose(1);
    rig.core.lose(1);
    expect(list(rig)).toBe(1);
    rig.core.answer({ json: "[]" });
    expect(list(rig)).toBe(2);
    rig.core.answer({ json: "[]" });
    expect(list(rig)).toBe(2);
  });

  test("a list that could not be had is asked for again, a few times", () => {
    const rig = listening();
    rig.core.lose(1);
    for (let i = 0; i < 10; i++) {
      rig.core.answer({ code: 6200, desc: "no network" });
      rig.host.advance(1000);
    }
    expect(list(rig)).toBe(5);
    expect(rig.errors).toMatchObject([{ code: 6200 }]);
    rig.core.lose(1);
    rig.host.advance(0);
    rig.core.answer({ json: json(info("a")) });
    expect(rig.said).toEqual([["reset", ["a"]]]);
  });

  test.each([
    ["the core has its connection back", (rig: Rig) => rig.core.network(0, 0, "")],
    ["the core has fetched its own list", (rig: Rig) => rig.core.event(TIMConvEvent.kTIMConvEvent_Finish, "")],
  ])("a list that could not be had at all is asked for once more when %s", (_what, again) => {
    const rig = listening();
    again(rig);
    expect(list(rig)).toBe(0);
    rig.core.lose(1);
    for (let i = 0; i < 10; i++) {
      rig.core.answer({ code: 6200, desc: "no network" });
      rig.host.advance(1000);
    }
    again(rig);
    expect(list(rig)).toBe(6);
    rig.core.answer({ json: json(info("a")) });
    expect(rig.said.at(-1)).toEqual(["reset", ["a"]]);
    again(rig);
    expect(list(rig)).toBe(6);
  });

  test.each([
    ["a change of user", (rig: Rig) => rig.bridge.Login("other", "sig")],
    ["the bridge's end", (rig: Rig) => rig.bridge.close()],
  ])("%s ends the asking", (_what, end) => {
    const rig = listening();
    rig.core.lose(1);
    rig.core.answer({ code: 6200 });
    end(rig);
    for (let i = 0; i < 5; i++) rig.host.advance(1000);
    expect(list(rig)).toBe(1);
    expect(rig.said).toEqual([]);
    expect(rig.errors).toEqual([]);
  });

  test("a change of user while the list is on its way: it is nobody's, and no error", () => {
    const rig = listening();
    rig.core.lose(1);
    const asked = rig.core.last;
    rig.bridge.Login("other", "sig");
    rig.core.answer({ json: json(info("a")) }, asked);
    expect(rig.said).toEqual([]);
    expect(rig.errors).toEqual([]);
  });

  test("a list that is refused for good is told as an error", () => {
    const rig = listening();
    rig.core.onSend = () => TIMResult.TIM_ERR_PARAM;
    rig.core.lose(1);
    expect(rig.errors).toMatchObject([{ code: TIMResult.TIM_ERR_PARAM }]);
  });
});

describe("who is signed in, and the connection", () => {
  test.each([
    [5, "kicked-offline"],
    [6, "user-sig-expired"],
    [7, "notified"],
  ] as const)("session event %i is %s, after what it ended, on both sides", (kind, name) => {
    const { bridge, core, host } = makeRig({ plugin: true, behindPlugin: true });
    const order: unknown[] = [];
    bridge.onSessionChanged((event) => order.push(event));
    bridge.ConvDelete("a", C2C, (code) => order.push(code));
    core.raiseEpoch(1, kind);
    expect(order).toEqual([TIMResult.BRIDGE_ERR_STALE_EPOCH, { kind: name }]);
    expect(host.notices.map((notice) => Object.keys(notice)[0])).toEqual(["deleteCompleted", "sessionChanged"]);
    expect(host.notices[1].sessionChanged.kind).toBe(kind);
  });

  test("the bridge's own calls are no news", () => {
    const { bridge, core } = makeRig({ behindPlugin: true });
    const heard = recorder<[unknown]>();
    bridge.onSessionChanged(heard);
    for (const kind of [1, 2, 3, 4, 0]) core.raiseEpoch(kind + 1, kind);
    bridge.Login("a", "sig");
    expect(heard.calls).toEqual([]);
  });

  test("beside a core in script the game's word is heard too", () => {
    const { bridge, host } = makeRig({ plugin: true });
    const heard = recorder<[unknown]>();
    bridge.onSessionChanged(heard);
    host.deliver({ epoch: 1, event: { session: { kind: 7 } } });
    expect(heard.calls).toEqual([[{ kind: "notified" }]]);
  });

  test("the connection's states, and none that is unknown", () => {
    const { bridge, core, host } = makeRig({ plugin: true });
    const heard = recorder<[unknown]>();
    bridge.onConnectionChanged(heard);
    core.network(1, 9508, "weg \ud800");
    core.network(0);
    core.network(4);
    core.network(-1);
    expect(heard.calls).toEqual([[{ status: 1, code: 9508, desc: "weg \ud800" }], [{ status: 0, code: 0, desc: "" }]]);
    expect(host.notices).toMatchObject([
      { connectionChanged: { status: 1, code: 9508, desc: "weg \ufffd" } },
      { connectionChanged: {} },
    ]);
    expect(bridge.counters.unknownEvents).toBe(2);
  });
});
