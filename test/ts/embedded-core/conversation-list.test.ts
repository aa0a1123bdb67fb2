import { describe, expect, it } from "vitest";
import {
  EmbeddedCore,
  EmbeddedDataError,
  EmbeddedServer,
  parseConvInfoList,
  textOf,
} from "../../../src/embedded-core.js";
import { batch, c2c, FakeBridge, group } from "./fake-bridge.js";

const realList = [
  {
    conv_active_time: 1551269275,
    conv_id: "user2",
    conv_is_has_draft: false,
    conv_is_has_lastmsg: true,
    conv_is_pinned: true,
    conv_last_msg: {
      message_client_time: 1551235066,
      message_conv_id: "user2",
      message_conv_type: 1,
      message_elem_array: [{ elem_type: 0, text_elem_content: "11111" }],
      message_sender: "user2",
      message_server_time: 1551235067,
      message_sender_profile: { user_profile_nick_name: "test" },
    },
    conv_owner: "",
    conv_recv_opt: 0,
    conv_type: 1,
    conv_unread_num: 3,
    conv_some_field_of_a_later_core: { nested: [1, "two", null, true] },
  },
  { conv_id: "@TGS#_group", conv_type: 2, conv_show_name: "Guild", conv_mark_array: [] },
  { conv_id: "user2", conv_type: 2 },
  { conv_id: "@TIM#SYSTEM", conv_type: 3, conv_unread_num: 0 },
];

describe("the vendor's conversation list", () => {
  it.each([
    ["parsed", realList],
    ["as text", JSON.stringify(realList, null, 2)],
  ])("is returned as it came, unknown fields and order included, given %s", (_, conversations) => {
    const bridge = new FakeBridge(new EmbeddedCore({ userId: "me", conversations }));
    expect(bridge.list()).toEqual(realList);
  });

  it("does not follow what the caller later does to the array", () => {
    const mine = structuredClone(realList);
    const bridge = new FakeBridge(new EmbeddedCore({ conversations: mine }));
    (mine[0] as { conv_id: string }).conv_id = "another";
    expect(bridge.list()).toEqual(realList);
  });

  it("takes the last message for the history", () => {
    const core = new EmbeddedCore({ userId: "me", conversations: realList });
    expect(core.server.history("me", "c2c_user2").map(textOf)).toEqual(["11111"]);
    expect(core.client.history("c2c_user2")).toEqual([realList[0]?.conv_last_msg]);
    expect(core.server.history("me", "group_user2")).toEqual([]);
  });

  it("has no history where it says that there is no last message", () => {
    const info = { conv_id: "a", conv_type: 1, conv_is_has_lastmsg: false, conv_last_msg: { message_sender: "" } };
    const core = new EmbeddedCore({
      userId: "me",
      conversations: [info, { ...info, conv_id: "b", conv_last_msg: null }],
    });
    expect([core.client.history("c2c_a"), core.client.history("c2c_b")]).toEqual([[], []]);
  });

  it("keeps its order, whatever is pinned", () => {
    const conversations = ["a", "b", "c"].map((conv_id) => ({
      conv_id,
      conv_type: 1,
      conv_is_pinned: conv_id === "b",
    }));
    const core = new EmbeddedCore({ conversations });
    expect(new FakeBridge(core).listed()).toEqual(["c2c_a", "c2c_b", "c2c_c"]);
    const server = new EmbeddedServer();
    server.importConversations("me", conversations);
    expect(new FakeBridge(new EmbeddedCore({ server, userId: "me" })).listed()).toEqual(["c2c_a", "c2c_b", "c2c_c"]);
  });

  it("keeps the pinned ones on top when one between them was deleted with its history kept", () => {
    const conversations = ["a", "b", "c"].map((conv_id) => ({ conv_id, conv_type: 1, conv_is_pinned: true }));
    const core = new EmbeddedCore({ userId: "me", conversations });
    const bridge = new FakeBridge(core);
    bridge.ask(batch(["c2c_b"], false));
    core.server.sendC2C("d", "me", "hi");
    expect(bridge.listed()).toEqual(["c2c_a", "c2c_c", "c2c_d"]);
    core.server.sendC2C("c", "me", "hi");
    expect(bridge.listed()).toEqual(["c2c_c", "c2c_a", "c2c_d"]);
  });

  it("can be deleted from, all but the system conversation", () => {
    const bridge = new FakeBridge(new EmbeddedCore({ userId: "me", conversations: realList }));
    expect(bridge.ask(c2c("user2")).code).toBe(0);
    expect(bridge.ask(group("@TGS#_group")).code).toBe(0);
    expect(bridge.send({ name: "ConvDelete", convId: "@TIM#SYSTEM", convType: 3 }).returned).toBe(-4);
    expect(bridge.ask(batch(["@TIM#SYSTEM", "system_@TIM#SYSTEM"], true)).code).toBe(6003);
    expect(bridge.ask(c2c("@TIM#SYSTEM")).code).toBe(6004);
    expect(bridge.listed()).toEqual(["group_user2", "system_@TIM#SYSTEM"]);
  });

  it("keeps unknown fields through a new message and moves the conversation below the pinned ones", () => {
    const core = new EmbeddedCore({ userId: "me", conversations: realList, now: () => 5_500 });
    const bridge = new FakeBridge(core);
    core.server.joinGroup("me", "@TGS#_group");
    core.server.sendC2C("new", "me", "hello");
    core.server.sendGroup("me", "@TGS#_group", "hi");
    expect(bridge.listed()).toEqual(["c2c_user2", "group_@TGS#_group", "c2c_new", "group_user2", "system_@TIM#SYSTEM"]);
    expect(bridge.list()[1]).toEqual({
      ...realList[1],
      conv_active_time: 5,
      conv_unread_num: 0,
      conv_is_has_lastmsg: true,
      conv_last_msg: expect.objectContaining({ message_sender: "me", message_server_time: 5 }),
    });
    expect(bridge.list()[2]).toMatchObject({ conv_id: "new", conv_show_name: "new", conv_unread_num: 1 });
    core.server.sendC2C("user2", "me", "again");
    expect(bridge.list()[0]).toMatchObject({
      conv_unread_num: 4,
      conv_some_field_of_a_later_core: { nested: [1, "two", null, true] },
    });
  });

  it("is empty without one", () => {
    expect(new FakeBridge(new EmbeddedCore()).list()).toEqual([]);
    expect(new FakeBridge(new EmbeddedCore({ conversations: "[]" })).list()).toEqual([]);
  });

  const good = { conv_id: "a", conv_type: 1 };
  const cyclic: Record<string, unknown> = { ...good };
  cyclic["self"] = cyclic;
  it.each<[string, unknown, string, RegExp]>([
    ["text that is not JSON", "[{", "conversations", /not JSON/],
    ["empty text", "", "conversations", /not JSON/],
    ["an object", { json_params: [] }, "conversations", /is an object; an array/],
    ["null", null, "conversations", /is null; an array/],
    ["JSON text of a string", '"c2c_a"', "conversations", /is a string; an array/],
    ["a number", 7, "conversations", /is a number; an array/],
    ["a function", () => [], "conversations", /is a function; JSON/],
    ["what JSON cannot hold", [cyclic], "conversations", /cannot be written as JSON/],
    ["an id string as entry", [good, "c2c_b"], "conversations[1]", /is a string; an object/],
    ["null as entry", [null], "conversations[0]", /is null; an object/],
    ["no conv_id", [good, { conv_type: 1 }], "conversations[1].conv_id", /is missing/],
    ["conv_id a number", [{ conv_id: 7, conv_type: 1 }], "conversations[0].conv_id", /is a number; a string/],
    ["conv_id null", [{ conv_id: null, conv_type: 1 }], "conversations[0].conv_id", /is null; a string/],
    ["conv_id empty", [{ conv_id: "", conv_type: 1 }], "conversations[0].conv_id", /is empty/],
    ["conv_id with NUL", [{ conv_id: "a\0b", conv_type: 1 }], "conversations[0].conv_id", /NUL/],
    ["conv_id a lone surrogate", [{ conv_id: "\ud800", conv_type: 1 }], "conversations[0].conv_id", /surrogate/],
    ["no conv_type", [{ conv_id: "a" }], "conversations[0].conv_type", /is missing; 1/],
    ["conv_type 0", [{ conv_id: "a", conv_type: 0 }], "conversations[0].conv_type", /is 0; 1/],
    ["conv_type 4", [good, { conv_id: "b", conv_type: 4 }], "conversations[1].conv_type", /is 4; 1/],
    ["conv_type a string", [{ conv_id: "a", conv_type: "1" }], "conversations[0].conv_type", /is a string/],
    ["a duplicate", [good, { conv_id: "a", conv_type: 2 }, good], "conversations[2].conv_id", /conversations\[0\]/],
    ["unread -1", [{ ...good, conv_unread_num: -1 }], "conversations[0].conv_unread_num", /is -1/],
    ["unread a string", [{ ...good, conv_unread_num: "3" }], "conversations[0].conv_unread_num", /is a string/],
    ["pinned 1", [{ ...good, conv_is_pinned: 1 }], "conversations[0].conv_is_pinned", /is a number; true or false/],
    ["show name null", [{ ...good, conv_show_name: null }], "conversations[0].conv_show_name", /is null; a string/],
    ["last message a string", [{ ...good, conv_last_msg: "hi" }], "conversations[0].conv_last_msg", /is a string/],
  ])("is refused, with its place: %s", (_, list, path, problem) => {
    const make = () => new EmbeddedCore({ userId: "me", conversations: list as string });
    expect(make).toThrow(EmbeddedDataError);
    expect(make).toThrow(problem);
    expect(make).toThrow(expect.objectContaining({ path }));
    expect(() => parseConvInfoList(list)).toThrow(expect.objectContaining({ path }));
  });

  it("that is refused leaves a given server as it was", () => {
    const server = new EmbeddedServer();
    server.sendC2C("a", "me", "hi");
    const before = server.toJSON();
    const options = { server, userId: "me", syncDeletionAcrossClients: true };
    expect(() => new EmbeddedCore({ ...options, conversations: [{ conv_id: "b", conv_type: 1 }, good] })).toThrow(
      /conversations\[1\].conv_id: is a conversation that "me" has already/,
    );
    expect(server.toJSON()).toEqual(before);
  });

  it("imported while clients are signed in comes to them as an Add", () => {
    const core = new EmbeddedCore({ userId: "me", conversations: [good] });
    const bridge = new FakeBridge(core);
    core.server.importConversations("me", [
      { conv_id: "b", conv_type: 1 },
      { conv_id: "g", conv_type: 2 },
    ]);
    bridge.drain();
    expect(bridge.takeEvents()).toEqual([["Add", ["c2c_b", "group_g"]]]);
    expect(bridge.listed()).toEqual(["c2c_a", "c2c_b", "group_g"]);
  });
});
