// The chat list on the screen: drawn by C# (ScriptedChatListWindow.cs), decided here.
import { toConvID } from "tim-chatbridge";
import type { ChatList } from "./chat-list.js";
import type { Choice } from "./chat-list-model.js";

/** `CS.TimChatBridge.Samples.ScriptedChatListWindow`: strings, a bool and one Action cross, so that every PuerTS build can. */
export interface Window {
  /** Empties the window; AddRow and Ask fill it again. */
  Clear(): void;
  AddRow(id: string, title: string, note: string, selected: boolean): void;
  /** Puts a question with its warning under the rows. */
  Ask(question: string, warning: string): void;
  /** `pressed` is called after each press; TakePress says what was pressed. */
  OnPress(pressed: () => void): void;
  /** The oldest press that was not taken: a row's id, a Choice, "delete", or "" where there is none. */
  TakePress(): string;
}

/** `CS.TimChatBridge.Samples.ChatListRows`: the rows of the chat list that is C# throughout. */
export interface CSharpRows {
  Show(conversation: string, title: string): void;
}

const choices: ReadonlySet<string> = new Set<Choice>(["delete history", "keep history", "cancel"]);
const listening = new WeakSet<Window>();

/** Draws a chat list and, from the first time on, hands it what the player presses. */
export function showOn(window: Window, list: ChatList): void {
  const { rows, confirmation } = list.model;
  window.Clear();
  for (const row of rows) {
    window.AddRow(toConvID(row.conversation), row.title, row.deleting ? "deleting…" : row.note, row.selected);
  }
  if (confirmation !== undefined) window.Ask(confirmation.question, confirmation.warning);
  if (listening.has(window)) return;
  listening.add(window);
  window.OnPress(() => {
    for (let what = window.TakePress(); what !== ""; what = window.TakePress()) press(list, what);
  });
}

function press(list: ChatList, what: string): void {
  if (what === "delete") {
    list.model.askToDelete();
  } else if (choices.has(what)) {
    void list.answer(what as Choice);
  } else {
    const row = list.model.rows.find(({ conversation }) => toConvID(conversation) === what);
    if (row !== undefined) list.model.toggle(row.conversation);
  }
}
