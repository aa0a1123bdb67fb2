// A game's script for the tests that make, replace and dispose whole script environments: plain calls, one at a time.
import { type Bridge, connect, TIMConvType } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";

let bridge: Bridge | undefined;
const callbacks: number[] = [];
const errors: string[] = [];

const onError = (error: unknown): void => {
  errors.push(error instanceof Error ? error.message : String(error));
};

/** Connects on the embedded core, signed in as "me". */
export function connectEmbedded(): void {
  const conversations = users("alice", "bob", "carol");
  bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }), plugin: true, onError });
}

/** Connects on the native core and signs in. */
export function connectNative(): void {
  bridge = connect({ onError });
  bridge.Init(1_400_000_000);
  bridge.Login("me", "sig");
}

/** Deletes a user's conversation; its callback's code is kept. Returns the TIMResult. */
export function remove(id: string): number {
  return bridge?.ConvDelete(id, TIMConvType.kTIMConv_C2C, (code) => callbacks.push(code)) ?? Number.NaN;
}

/** The callbacks' codes so far, parted by spaces. */
export function called(): string {
  return callbacks.join(" ");
}

/** What the bridge reported to onError, each on a line. */
export function reported(): string {
  return errors.join("\n");
}
