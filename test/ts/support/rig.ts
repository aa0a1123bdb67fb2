import { Bridge } from "../../../src/bridge/bridge.js";
import type { BridgeOptions } from "../../../src/bridge/bridge-options.js";
import { TIMConvType, TIMResult } from "../../../src/core/tim-types.js";
import { ManualHost } from "./manual-host.js";
import { ScriptedCore } from "./scripted-core.js";

export const { kTIMConv_C2C: C2C, kTIMConv_Group: Group } = TIMConvType;

export interface Rig {
  readonly bridge: Bridge;
  readonly core: ScriptedCore;
  readonly host: ManualHost;
  /** What `onError` heard. */
  readonly errors: unknown[];
}

/** A bridge on a scripted core and a manual host. */
export function makeRig(
  options: BridgeOptions & { plugin?: boolean; behindPlugin?: boolean; epoch?: number } = {},
): Rig {
  const { plugin, behindPlugin, epoch, ...rest } = options;
  const errors: unknown[] = [];
  const core = new ScriptedCore({ behindPlugin: behindPlugin ?? false });
  const host = new ManualHost({ plugin: plugin ?? false, epoch: epoch ?? 0 });
  const bridge = new Bridge(core, host, { onError: (error) => errors.push(error), ...rest });
  return { bridge, core, host, errors };
}

/** One call's callbacks, as they came. */
export function recorder<Answer extends unknown[]>(): { (...answer: Answer): void; readonly calls: Answer[] } {
  const calls: Answer[] = [];
  return Object.assign((...answer: Answer) => void calls.push(answer), { calls });
}

/** A following good deletion is called back once: the bridge has come to no harm. */
export function stillWorks({ bridge, core }: Pick<Rig, "bridge" | "core">): boolean {
  const heard = recorder<[number, string, unknown]>();
  const before = core.calls.length;
  if (bridge.ConvDelete("still-works", C2C, heard) !== TIMResult.TIM_SUCC) return false;
  const early = heard.calls.length;
  core.answer({ code: 0, desc: "gone" });
  core.answer({ code: 0, desc: "gone again" });
  const heardOnce = early === 0 && heard.calls.map(([code]) => code).join() === "0";
  return heardOnce && core.calls.length === before + 1;
}

/** What a promise came to, without waiting for a machine. */
export async function outcomeOf<T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** Lets the microtasks that are due run. */
export async function microtasks(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
