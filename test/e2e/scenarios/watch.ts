import type { Bridge } from "tim-chatbridge";

/** What script heard, in order, in the form that C#'s messages are compared in. */
export interface Heard {
  readonly name: string;
  readonly message: unknown;
}

/** Listens to every event of a bridge. */
export function watch(bridge: Bridge): Heard[] {
  const heard: Heard[] = [];
  bridge.onDeleteCompleted((message) => heard.push({ name: "DeleteCompleted", message }));
  bridge.onConversationDeleted((message) => heard.push({ name: "ConversationsDeleted", message }));
  bridge.onLateResult((message) => heard.push({ name: "LateResult", message }));
  return heard;
}

/** One deletion's end, as its caller got it. */
export interface Called {
  readonly code: number;
  readonly user_data: unknown;
}

/** A callback that keeps what it was called with. */
export function keep(calls: Called[]): (code: number, desc: string, user_data: unknown) => void {
  return (code, _desc, user_data) => calls.push({ code, user_data });
}

/** The outcomes that a DeleteCompleted tells of: numbers on script's side, names on C#'s. */
export function outcomes(completion: Heard | undefined): unknown[] {
  const { results } = (completion?.message ?? { results: [] }) as { results: { outcome: unknown }[] };
  return results.map(({ outcome }) => outcome);
}
