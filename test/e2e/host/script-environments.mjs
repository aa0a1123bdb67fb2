// Script environments on the Node host: each a context of its own with PuerTS's globals and nothing of Node's, that C# can
// see to be dead, and whose functions cannot be called any more when it is.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import vm from "node:vm";

/** Makes, calls and disposes environments by name, for scenarios. `entry` is the file that each of them runs. */
export class ScriptEnvironments {
  #host;
  #entry;
  #environments = new Map();

  constructor(host, entry) {
    this.#host = host;
    this.#entry = entry;
  }

  /** Does what a scenario orders; returns the answer. */
  async carryOut(action, name, ...words) {
    if (action === "make") {
      this.#environments.set(name, await ScriptEnvironment.make(this.#host, this.#entry));
      return "";
    }
    const environment = this.#environments.get(name);
    if (environment === undefined) throw new Error(`there is no script environment ${name}`);
    if (action === "call") return environment.call(...words);
    if (action !== "dispose") throw new Error(`nobody can ${action} a script environment`);
    environment.dispose();
    this.#environments.delete(name);
    return "";
  }

  disposeAll() {
    for (const environment of this.#environments.values()) environment.dispose();
    this.#environments.clear();
  }
}

class ScriptEnvironment {
  #alive;
  #run;

  static async make({ NodeScriptEnvironment }, entry) {
    const environment = new ScriptEnvironment();
    environment.#alive = new NodeScriptEnvironment();
    const context = vm.createContext({ CS: environment.#shown(), puer: {}, scriptEnv: environment.#alive });
    const module = await load(entry, context);
    environment.#run = module.namespace.run;
    return environment;
  }

  call(command, argument) {
    this.#requireAlive();
    return this.#run(command, argument);
  }

  dispose() {
    this.#alive.Dispose();
    this.#run = undefined;
  }

  /** C# as this environment sees it: the one function that C# gets from it dies with it. */
  #shown() {
    const { TimChatBridge } = globalThis.CS;
    const ScriptPort = Object.assign(() => {}, TimChatBridge.ScriptPort, {
      SetWake: (session, wake) =>
        TimChatBridge.ScriptPort.SetWake(session, () => {
          this.#requireAlive();
          wake();
        }),
    });
    return { TimChatBridge: { ...TimChatBridge, ScriptPort } };
  }

  #requireAlive() {
    if (this.#alive.IsDisposed) throw new Error("this script environment has been disposed");
  }
}

async function load(file, context, loaded = new Map()) {
  const module = new vm.SourceTextModule(readFileSync(file, "utf8"), { context, identifier: file });
  loaded.set(file, module);
  await module.link(async (specifier) => {
    const path = join(dirname(file), specifier);
    return loaded.get(path) ?? (await read(path, context, loaded));
  });
  await module.evaluate();
  return module;
}

/** Linked and evaluated with the one that imports it. */
async function read(file, context, loaded) {
  const module = new vm.SourceTextModule(readFileSync(file, "utf8"), { context, identifier: file });
  loaded.set(file, module);
  return module;
}
