import { type Bridge, type connect, TIMConvType } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";
import { holds, type Stage, same } from "./scenario.js";

export interface Opened {
  readonly bridge: Bridge;
  readonly reported: string[];
}

/** A bridge on the embedded core, by either copy of the script. */
export function openWith(stage: Stage, connects: typeof connect): Opened {
  const reported: string[] = [];
  const core = new EmbeddedCore({ userId: "me", conversations: users("alice") });
  const onError = (error: unknown): void => {
    reported.push(error instanceof Error ? error.message : String(error));
  };
  const bridge = connects({ core, onError });
  stage.cleanUp(() => bridge.close());
  return { bridge, reported };
}

/** Whatever became of others, this bridge deletes. */
export async function claimWorks(stage: Stage, { bridge }: Opened): Promise<void> {
  const codes: number[] = [];
  same(
    bridge.ConvDelete("alice", TIMConvType.kTIMConv_C2C, (code) => codes.push(code)),
    0,
    "return",
  );
  await stage.frames(5);
  same(codes, [0], "callbacks");
}

export function claimWords(text: string | undefined, words: string): void {
  holds(text?.includes(words) === true, `"${words}" is in: ${text}`);
}
