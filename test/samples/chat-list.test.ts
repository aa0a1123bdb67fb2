import { type Bridge, connect, Outcome, parseConversation, toConvID } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ChatList } from "../../unity-plugin/Samples~/ChatList/chat-list.js";
import { showOn, type Window } from "../../unity-plugin/Samples~/ChatList/window.js";

const alice = parseConversation("c2c_alice");
const guild = parseConversation("group_guild");

let core: EmbeddedCore;
let bridge: Bridge;
let list: ChatList;
beforeEach(async () => {
  core = new EmbeddedCore({
    userId: "me",
    conversations: [
      { conv_id: "alice", conv_type: 1, conv_show_name: "Alice" },
      { conv_id: "bob", conv_type: 1 },
      { conv_id: "guild", conv_type: 2, conv_show_name: "The Guild" },
    ],
  });
  core.server.sendC2C("alice", "me", "hello");
  bridge = connect({ core });
  list = new ChatList(bridge);
  await list.refresh();
});
afterEach(() => bridge.close());

const rows = (): string[] => list.model.rows.map(({ conversation }) => toConvID(conversation));

/** Events were told by the time that a call made after them is answered. */
const told = (): Promise<unknown> => bridge.getConversationList();

function select(...conversations: readonly (typeof alice)[]): void {
  for (const conversation of conversations) list.model.toggle(conversation);
  list.model.askToDelete();
}

describe("the chat list on a bridge", () => {
  test("shows what is there, by its name or by its id", () => {
    expect(rows()).toEqual(["c2c_alice", "c2c_bob", "group_guild"]);
    expect(list.model.rows.map(({ title }) => title)).toEqual(["Alice", "bob", "The Guild"]);
  });

  test("deletes what was confirmed, history and all", async () => {
    select(alice, guild);
    await list.answer("delete history");
    expect(rows()).toEqual(["c2c_bob"]);
    expect(core.server.conversations("me").map(({ conv_id }) => conv_id)).toEqual(["bob"]);
    expect(core.server.history("me", "c2c_alice")).toEqual([]);
  });

  test("deletes and keeps the history; a message brings the row back with it", async () => {
    select(alice);
    await list.answer("keep history");
    expect(rows()).toEqual(["c2c_bob", "group_guild"]);
    core.server.sendC2C("alice", "me", "still there?");
    await told();
    expect(rows()).toContain("c2c_alice");
    expect(core.server.history("me", "c2c_alice")).toHaveLength(2);
  });

  test("cancelled, nothing is deleted", async () => {
    select(alice);
    await list.answer("cancel");
    expect(core.server.conversations("me")).toHaveLength(3);
  });

  test("rows come with a message, without asking for the list", async () => {
    core.server.sendC2C("erin", "me", "new here");
    await told();
    expect(rows()).toContain("c2c_erin");
  });

  test("rows go when somebody else deletes", async () => {
    await bridge.deleteConversation("c2c_alice");
    expect(rows()).toEqual(["c2c_bob", "group_guild"]);
  });

  test("a row that could not be deleted says why", async () => {
    select(alice);
    core.client.signOut();
    await list.answer("delete history");
    expect(list.model.rows.find(({ title }) => title === "Alice")).toMatchObject({
      deleting: false,
      note: expect.stringMatching(/^Not deleted\. .*Log in first/),
    });
  });

  test("a closed bridge: the rows say so, and nothing is rejected", async () => {
    select(alice);
    bridge.close();
    await list.answer("delete history");
    expect(list.model.rows[0]?.note).toMatch(/^Not deleted\. .*session is closed/);
  });

  test("a list that is gone from the screen hears nothing more", async () => {
    list.dispose();
    await bridge.deleteConversation("c2c_alice");
    expect(rows()).toContain("c2c_alice");
  });
});

/** A window that keeps what it was told to draw, and presses what a test says. */
class FakeWindow implements Window {
  rows: string[] = [];
  question = "";
  listeners = 0;
  #pressed: () => void = () => {};
  readonly #presses: string[] = [];

  Clear(): void {
    this.rows = [];
    this.question = "";
  }
  AddRow(id: string, title: string, note: string, selected: boolean): void {
    this.rows.push(`${selected ? "[x]" : "[ ]"} ${id} ${title} ${note}`.trim());
  }
  Ask(question: string, warning: string): void {
    this.question = `${question} ${warning}`;
  }
  OnPress(pressed: () => void): void {
    this.listeners++;
    this.#pressed = pressed;
  }
  TakePress(): string {
    return this.#presses.shift() ?? "";
  }
  press(...what: readonly string[]): void {
    this.#presses.push(...what);
    this.#pressed();
  }
}

test("the window that C# draws: presses go in, rows and the question come out", async () => {
  const window = new FakeWindow();
  const drawn = new ChatList(bridge, () => showOn(window, drawn));
  await drawn.refresh();
  expect(window.rows).toEqual(["[ ] c2c_alice Alice", "[ ] c2c_bob bob", "[ ] group_guild The Guild"]);
  window.press("c2c_alice", "c2c_nobody", "delete");
  expect(window.rows[0]).toBe("[x] c2c_alice Alice");
  expect(window.question).toMatch(/^Delete this conversation\? Their messages will be gone/);
  const gone = new Promise<void>((resolve) => {
    bridge.onDeleteCompleted(({ results }) => {
      expect(results.map(({ outcome }) => outcome)).toEqual([Outcome.DELETED]);
      resolve();
    });
  });
  window.press("delete history");
  expect(window.rows[0]).toBe("[ ] c2c_alice Alice deleting…");
  expect(window.question).toBe("");
  await gone;
  expect(window.rows).toEqual(["[ ] c2c_bob bob", "[ ] group_guild The Guild"]);
  expect(window.listeners).toBe(1);
});
