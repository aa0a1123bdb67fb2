// What either side hears, as one line for each message, so that two sides and an expectation compare as text.
import { type Conversation, type ConversationKey, type DeleteResult, ErrorSource, Outcome } from "tim-chatbridge";

/** The stand-in's own bytes that are no UTF-8: shown for reading, never as a lone surrogate. */
const badText = "not UTF-8: ";
/** Characters. */
const mostShown = 100;

/** A callback in script. `source`: who says so, of an error. */
export function callLine(
  name: string,
  code: number,
  source: string,
  desc: string,
  detail: readonly DeleteResult[] | readonly Conversation[] = [],
): string {
  return words(name, `${code}`, source, quoted(code, desc), ...detail.map(detailWord).sort());
}

export function connectionLine(status: number, code: number, desc: string): string {
  return words("connection", `${status}`, `${code}`, quoted(code, desc));
}

export function completedLine(results: readonly DeleteResult[]): string {
  return words("completed", ...results.map(resultWord));
}

export function deletedLine(conversations: readonly ConversationKey[]): string {
  return words("deleted", ...conversations.map(nameOf));
}

export function infosLine(name: string, conversations: readonly { readonly key: ConversationKey }[]): string {
  return words(name, ...conversations.map(({ key }) => nameOf(key)));
}

const flood = /^updated flood_(\d+)$/;

/** Keeps a line; the flood's updates, told apart by their numbers alone, as one, as long as none is missing. */
export function keepLine(lines: string[], line: string): void {
  const number = flood.exec(line)?.[1];
  if (number === undefined) lines.push(line);
  else if (number !== "0" && lines.at(-1) === floodLine(Number(number)))
    lines[lines.length - 1] = floodLine(Number(number) + 1);
  else lines.push(number === "0" ? floodLine(1) : line);
}

/** So many updates of the flood, from its first. */
export function floodLine(count: number): string {
  return `updated ${count} times by the flood`;
}

export function lateLine(results: readonly DeleteResult[]): string {
  return words("late", ...results.map(resultWord));
}

interface WireResult {
  readonly conversation: ConversationKey;
  readonly outcome: string;
  readonly error?: { readonly source: string; readonly code: number };
}

/** A message that C# has received. */
export function toldLine(line: string): string {
  const space = line.indexOf(" ");
  const name = line.slice(0, space);
  const message = JSON.parse(line.slice(space + 1));
  switch (name) {
    case "Callback":
      return words(message.name, `${message.code}`, quoted(message.code, message.desc));
    case "DeleteCompleted":
      return words("completed", ...message.results.map(wireWord));
    case "ConversationsDeleted":
      return words("deleted", ...message.conversations.map(nameOf));
    case "LateResult":
      return words("late", ...message.results.map(wireWord));
    case "ConversationsAdded":
      return words("added", ...message.conversations.map(wireName));
    case "ConversationListSync":
      return words("sync", message.state.replace("LIST_SYNC_STATE_", "").toLowerCase());
    case "ConversationsUpdated":
      return words("updated", ...message.conversations.map(wireName));
    case "ConversationListReset":
      return words("reset", ...message.conversations.map(wireName));
    case "SessionChanged":
      return words("session", message.kind.replace("SESSION_EVENT_KIND_", "").toLowerCase().replaceAll("_", "-"));
    case "ConnectionChanged":
      return connectionLine(message.status, message.code, message.desc);
    default:
      return `${name} ${JSON.stringify(message)}`;
  }
}

export function words(...parts: string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** The core's own words; the bridge's are many, and only have to be there. */
export function quoted(code: number, desc: string): string {
  if (code < 0) return desc === "" ? "WITHOUT A WORD" : "";
  if (desc === "") return "";
  if (desc.length > mostShown) return `"${desc.slice(0, 20)}" and so on, ${desc.length} characters`;
  if (!desc.startsWith(badText)) return `"${desc}"`;
  const shown = desc.includes("\uFFFD") && !/\p{Surrogate}/u.test(desc);
  return shown ? '"not UTF-8"' : `"${escape(desc)}"`;
}

function detailWord(entry: DeleteResult | Conversation): string {
  return "outcome" in entry ? resultWord(entry) : nameOf(entry.key);
}

function resultWord({ conversation, outcome, error }: DeleteResult): string {
  const why = error === undefined ? "" : `(${ErrorSource[error.source]} ${error.code})`;
  return `${nameOf(conversation)}:${Outcome[outcome]}${why}`;
}

function wireWord({ conversation, outcome, error }: WireResult): string {
  const why = error === undefined ? "" : `(${error.source.replace("ERROR_SOURCE_", "")} ${error.code})`;
  return `${nameOf(conversation)}:${outcome.replace("OUTCOME_", "")}${why}`;
}

function wireName({ conversation }: { readonly conversation: ConversationKey }): string {
  return nameOf(conversation);
}

function nameOf(key: ConversationKey): string {
  return Object.values(key).join();
}
