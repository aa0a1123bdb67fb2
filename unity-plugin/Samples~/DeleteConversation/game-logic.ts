// The game's logic: lists conversations, deletes some in each way there is, and tells what happens.
// In Unity it runs in PuerTS (ChatListBehaviour.cs); `npm start` runs this same file in Node.js.
import {
  type Bridge,
  type BridgeError,
  type Conversation,
  type ConversationKey,
  type DeleteResult,
  Outcome,
  parseConversation,
  TIMResult,
  toBareId,
  toConvID,
} from "tim-chatbridge";

/** The C# chat list on the screen, as script sees it: `CS.TimChatBridge.Samples.ChatListScreen`. */
export interface ChatListScreen {
  AddRow(conversation: string): void;
  /** Whether the deletion was accepted: then its end follows. */
  PressDelete(conversation: string): boolean;
}

/** Where the story is told. */
export interface Teller {
  say(line: string): void;
  /** The callback of ConvDelete came: the core's code and words. */
  called(id: string, code: number, desc: string): void;
  /** ConvDelete was refused at once: nothing was deleted, and there is no callback. */
  refused(id: string, error: BridgeError): void;
}

/** Which conversations the story deletes, in notations such as `c2c_alice`. Whatever is left out is skipped. */
export interface Plan {
  readonly fromScript?: string;
  readonly fromCSharp?: string;
  readonly keepingHistory?: readonly string[];
  readonly unknown?: string;
}

/** Lists the conversations and shows them on the C# chat list. */
export async function showList(bridge: Bridge, screen: ChatListScreen, teller: Teller): Promise<void> {
  const conversations = await bridge.getConversationList();
  teller.say(`${conversations.length} conversations: ${names(conversations)}`);
  for (const { key } of conversations) screen.AddRow(toConvID(key));
}

/** Deletes one conversation by the vendor's call. Settles when its callback has come, or at once if it was refused. */
export function deleteOne(bridge: Bridge, id: string, teller: Teller): Promise<void> {
  return new Promise((resolve) => {
    const { convId, convType } = toBareId(parseConversation(id));
    const result = bridge.ConvDelete(
      convId,
      convType,
      (code, desc, user_data) => {
        teller.called(user_data, code, desc);
        resolve();
      },
      id,
    );
    if (result === TIMResult.TIM_SUCC) return;
    if (bridge.lastError !== undefined) teller.refused(id, bridge.lastError);
    resolve();
  });
}

/** Has the C# chat list delete a row, as if its button had been pressed, and waits for the end of it. */
export function deleteFromCSharp(bridge: Bridge, screen: ChatListScreen, id: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = bridge.onDeleteCompleted(({ requestId }) => {
      if (requestId === 0) return;
      stop();
      resolve();
    });
    if (screen.PressDelete(id)) return;
    stop();
    resolve();
  });
}

/** The whole story, on any core. */
export async function tellStory(bridge: Bridge, screen: ChatListScreen, plan: Plan, teller: Teller): Promise<void> {
  await showList(bridge, screen, teller);
  if (plan.fromScript !== undefined) {
    teller.say(`script deletes ${plan.fromScript}, history and all`);
    await deleteOne(bridge, plan.fromScript, teller);
  }
  if (plan.fromCSharp !== undefined) {
    teller.say(`C# asks for ${plan.fromCSharp} to be deleted`);
    await deleteFromCSharp(bridge, screen, plan.fromCSharp);
  }
  if (plan.keepingHistory !== undefined) {
    teller.say(`script deletes ${plan.keepingHistory.join(" and ")}, keeping their history`);
    const results = await bridge.deleteConversationList(plan.keepingHistory, { clearMessage: false });
    for (const result of results) teller.say(describe(result));
  }
  if (plan.unknown !== undefined) {
    teller.say(`script deletes ${plan.unknown}, which nobody knows`);
    await bridge.deleteConversation(plan.unknown).catch((error: Error) => teller.say(`rejected: ${error.message}`));
  }
}

/** Deletes these, one after another, by the vendor's call. */
export async function deleteAll(bridge: Bridge, ids: readonly string[], teller: Teller): Promise<void> {
  for (const id of ids) await deleteOne(bridge, id, teller);
}

/** The names of conversations, for people. */
export function names(conversations: readonly Conversation[]): string {
  return conversations.length === 0 ? "none" : conversations.map(({ key }) => toConvID(key)).join(", ");
}

function describe({ conversation, outcome, error }: DeleteResult): string {
  const why = error === undefined ? "" : `: ${error.message}`;
  return `${name(conversation)}: ${Outcome[outcome].toLowerCase()}${why}`;
}

function name(conversation: ConversationKey): string {
  return toConvID(conversation);
}
