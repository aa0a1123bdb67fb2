// A game's script in an environment of its own, for the scenarios that make, replace and dispose whole environments. Its
// host has only `run`: one command with at most one argument, and text for an answer.
import { type Bridge, connect, TIMConvType } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { users } from "./conversations.js";

let bridge: Bridge | undefined;
const callbacks: number[] = [];
const errors: string[] = [];

const onError = (error: unknown): void => {
  errors.push(error instanceof Error ? error.message : String(error));
};

const commands = {
  /** Connects on the embedded core, signed in as "me". */
  connectEmbedded(): string {
    const conversations = users("alice", "bob", "carol");
    bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }), plugin: true, onError });
    return "";
  },

  /** Connects on the native core and signs in. */
  connectNative(): string {
    bridge = connect({ onError });
    bridge.Init(1_400_000_000);
    bridge.Login("me", "sig");
    return "";
  },

  /** Deletes a user's conversation; its callback's code is kept. The answer is the TIMResult. */
  remove(id: string): string {
    return `${bridge?.ConvDelete(id, TIMConvType.kTIMConv_C2C, (code) => callbacks.push(code))}`;
  },

  /** The callbacks' codes so far, parted by spaces. */
  called(): string {
    return callbacks.join(" ");
  },

  /** What the bridge reported to onError, each on a line. */
  reported(): string {
    return errors.join("\n");
  },

  /** Whether the script engine has WebAssembly: of PuerTS's backends only V8 does. */
  webAssembly(): string {
    return typeof (globalThis as { WebAssembly?: unknown }).WebAssembly;
  },
};

/** The commands by their names. */
export type Command = keyof typeof commands;

export function run(command: Command, argument: string): string {
  return commands[command](argument);
}
