import { Outcome, parseConversation } from "tim-chatbridge";
import { describe, expect, test } from "vitest";
import { ChatListModel } from "../../unity-plugin/Samples~/ChatList/chat-list-model.js";

const alice = parseConversation("c2c_alice");
const bob = parseConversation("c2c_bob");
const guild = parseConversation("group_guild");

function listed(): { model: ChatListModel; draws: { count: number } } {
  const draws = { count: 0 };
  const model = new ChatListModel(() => draws.count++);
  model.show(alice, "Alice");
  model.show(bob, "Bob");
  model.show(guild, "The Guild");
  draws.count = 0;
  return { model, draws };
}

const titles = (model: ChatListModel): string[] => model.rows.map(({ title }) => title);

describe("the chat list's model", () => {
  test("a row that is there keeps its place and its selection, and gets the new title", () => {
    const { model, draws } = listed();
    model.toggle(alice);
    model.show(alice, "Alice, online");
    expect(titles(model)).toEqual(["Alice, online", "Bob", "The Guild"]);
    expect(model.rows[0]?.selected).toBe(true);
    expect(draws.count).toBe(2);
  });

  test("a user and a group of one id are two rows", () => {
    const { model } = listed();
    model.show(parseConversation("group_alice"), "Alice's group");
    expect(titles(model)).toEqual(["Alice", "Bob", "The Guild", "Alice's group"]);
  });

  test("a whole list adds what is new and drops what is not in it", () => {
    const { model } = listed();
    model.showAll([
      { conversation: bob, title: "Bob" },
      { conversation: parseConversation("c2c_erin"), title: "Erin" },
    ]);
    expect(titles(model)).toEqual(["Bob", "Erin"]);
  });

  test("nothing selected, nothing asked", () => {
    const { model } = listed();
    model.askToDelete();
    expect(model.confirmation).toBeUndefined();
    expect(model.answer("delete history")).toBeUndefined();
  });

  test("the question names how many, and says that the history will be gone and can be kept", () => {
    const { model } = listed();
    model.toggle(alice);
    model.askToDelete();
    expect(model.confirmation?.question).toBe("Delete this conversation?");
    model.answer("cancel");
    model.toggle(bob);
    model.askToDelete();
    expect(model.confirmation?.question).toBe("Delete these 2 conversations?");
    expect(model.confirmation?.warning).toMatch(/gone for good.*on the server.*keep the history/);
  });

  test("cancelled, nothing is to be done and the selection stays", () => {
    const { model } = listed();
    model.toggle(alice);
    model.askToDelete();
    expect(model.answer("cancel")).toBeUndefined();
    expect(model.rows[0]).toMatchObject({ selected: true, deleting: false });
  });

  test.each([
    ["delete history", true],
    ["keep history", false],
  ] as const)("%s: the rows stay, marked, until the core says that they are gone", (choice, clearMessage) => {
    const { model } = listed();
    model.toggle(alice);
    model.toggle(guild);
    model.askToDelete();
    expect(model.answer(choice)).toEqual({ conversations: [alice, guild], clearMessage });
    expect(titles(model)).toEqual(["Alice", "Bob", "The Guild"]);
    expect(model.rows.map(({ deleting }) => deleting)).toEqual([true, false, true]);
    model.remove([alice, guild]);
    expect(titles(model)).toEqual(["Bob"]);
  });

  test("one press on a button is one order", () => {
    const { model } = listed();
    model.toggle(alice);
    model.askToDelete();
    expect(model.answer("delete history")).toBeDefined();
    expect(model.answer("delete history")).toBeUndefined();
  });

  test("while the player is being asked, and while it is deleted, a row cannot be selected", () => {
    const { model } = listed();
    model.toggle(alice);
    model.askToDelete();
    model.toggle(bob);
    expect(model.rows[1]?.selected).toBe(false);
    model.answer("delete history");
    model.toggle(alice);
    expect(model.rows[0]?.selected).toBe(false);
  });

  test("what goes by itself goes out of the question too", () => {
    const { model } = listed();
    model.toggle(alice);
    model.toggle(bob);
    model.askToDelete();
    model.remove([alice]);
    expect(model.confirmation).toMatchObject({ conversations: [bob], question: "Delete this conversation?" });
    model.remove([bob]);
    expect(model.confirmation).toBeUndefined();
  });

  test.each([
    [Outcome.FAILED, /^Not deleted\./],
    [Outcome.NOT_SENT, /^Not deleted\./],
    [Outcome.UNKNOWN, /^Perhaps deleted/],
  ])("outcome %i: the row stays, says why, and can be selected again", (outcome, note) => {
    const { model } = listed();
    model.toggle(alice);
    model.askToDelete();
    model.answer("delete history");
    model.ended([{ conversation: alice, outcome }]);
    expect(model.rows[0]?.note).toMatch(note);
    model.toggle(alice);
    expect(model.rows[0]).toMatchObject({ selected: true, note: "" });
  });

  test("what ended as deleted goes, with or without an event, and nothing is said of what is not listed", () => {
    const { model } = listed();
    model.ended([
      { conversation: alice, outcome: Outcome.DELETED },
      { conversation: parseConversation("c2c_nobody"), outcome: Outcome.FAILED },
    ]);
    expect(titles(model)).toEqual(["Bob", "The Guild"]);
  });
});
