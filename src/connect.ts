import { Bridge } from "./bridge/bridge.js";
import { type BridgeOptions, bridgeSettings } from "./bridge/bridge-options.js";
import type { CoreSdk } from "./core/core-sdk.js";
import { NativeCore } from "./core/native-core.js";
import { invalidArgument } from "./errors/bridge-error.js";
import { kindOf } from "./errors/kind-of.js";
import type { Host } from "./host/host.js";
import { pluginPresence, requireNativeCore, requirePlugin } from "./host/puerts-globals.js";
import { PuertsHost } from "./host/puerts-host.js";
import { StandaloneHost } from "./host/standalone-host.js";
import { Recorder } from "./recording/recorder.js";
import { type RecordingOptions, recordingSettings } from "./recording/recording-options.js";

/** What `connect()` connects to, and how the bridge behaves. */
export interface ConnectOptions extends BridgeOptions {
  /** The core to use. Default: the native core, through the C# plugin. */
  readonly core?: CoreSdk;
  /**
   * Whether C# hears of what happens: true requires the plugin, false does without. Default: with it where it is there.
   * The plugin has one session; a second bridge in one game (another account's, say) does without.
   */
  readonly plugin?: boolean;
  /**
   * Records what crosses between script and plugin, for `bridge.recording()`. Default: nothing is recorded. Where there
   * is no plugin nothing crosses, and the recording stays empty.
   */
  readonly recording?: RecordingOptions;
}

/**
 * Connects to a core. In Unity, `connect()` opens the native core through the C# plugin; on WebGL and outside Unity give
 * a core that lives in script. Throws a BridgeError that says what is missing and what to do, and leaves no session behind.
 */
export function connect(options: ConnectOptions = {}): Bridge {
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    throw invalidArgument(`connect(): the options are ${kindOf(options)}; give an object.`);
  }
  // A mistake must not open a session: that would take the plugin from a bridge that works.
  const settings = bridgeSettings(options);
  if (options.plugin !== undefined && typeof options.plugin !== "boolean") {
    throw invalidArgument(
      `connect(): plugin is ${kindOf(options.plugin)}; give true or false, or leave it out: C# hears where it is there.`,
    );
  }
  const recording = recordingSettings(options.recording);
  const core = options.core ?? new NativeCore();
  if (typeof core?.open !== "function" || typeof core.send !== "function") {
    throw invalidArgument("connect(): `core` is no core. Give a NativeCore or an EmbeddedCore, or leave it out.");
  }
  const recorder = recording && new Recorder(recording);
  const host = chooseHost(core, options.plugin, recorder);
  try {
    return new Bridge(core, host, settings, recorder);
  } catch (error) {
    host.close();
    throw error;
  }
}

function chooseHost(core: CoreSdk, plugin: boolean | undefined, recorder: Recorder | undefined): Host {
  const wanted = plugin ?? (core.behindPlugin || pluginPresence() === "present");
  if (!wanted) return new StandaloneHost();
  if (core.behindPlugin) requireNativeCore();
  else requirePlugin();
  return new PuertsHost(recorder);
}
