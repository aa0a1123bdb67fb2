// Script's side of the plays of test/e2e/host/UserModel: the shipped bridge, which does what C# says in lines.
import { arrayBuffer } from "./node-host.mjs";

/** The plays, on the bridges that this script's `connect` makes. `script`: what the shipped file exports. */
export function playsOn(host, script) {
  const bridges = new PlayedBridges(host, script);
  host.UserPlays.Use((line) => bridges.carryOut(line));
  return host.UserPlays;
}

class PlayedBridges {
  #plays;
  #script;
  #bridges = new Map();
  /** Deletions that have not been completed, by the first id of each. */
  #deletions = new Map();

  constructor({ UserPlays }, script) {
    this.#plays = UserPlays;
    this.#script = script;
    const { TimChatBridge } = globalThis.CS;
    TimChatBridge.ScriptPort = Object.assign(() => {}, TimChatBridge.ScriptPort, {
      SetWake: (session, wake) => UserPlays.SetWake(session, wake),
      Drain: (session, maxBytes) => arrayBuffer(UserPlays.Drain(session, maxBytes)),
    });
  }

  /** A line of C#'s. Returns a call's TIMResult. */
  carryOut(line) {
    try {
      return this.#run(...line.split(" "));
    } catch (error) {
      this.#plays.Wrong(`${line}: ${error?.stack ?? error}`);
      return 0;
    }
  }

  #run(what, name, number, ...words) {
    if (what === "end") return this.#end();
    if (what === "connect" || what === "join") return this.#connect(name, what === "join");
    const bridge = this.#bridges.get(name);
    if (what === "delete") return this.#delete(bridge, Number(number), words);
    const callback = (code) => this.#plays.Ended(Number(number), code, 0);
    switch (what) {
      case "close":
        bridge.close();
        return 0;
      case "Init":
        return bridge.Init(1400, "", callback);
      case "Uninit":
        return bridge.Uninit(callback);
      case "Login":
        return bridge.Login(words[0], "sig", callback);
      case "Logout":
        return bridge.Logout(callback);
      default:
        throw new Error("script cannot do that");
    }
  }

  #connect(name, attach) {
    const bridge = this.#script.connect({ attach, timeoutMs: 30_000, onError: (error) => this.#hears(error) });
    this.#bridges.set(name, bridge);
    bridge.onSessionChanged(({ kind }) => this.#plays.Told(kind === "notified"));
    bridge.onConversationDeleted(() => this.#plays.FrameIsHeard());
    bridge.onDeleteCompleted((done) => {
      if (done.requestId === 0) this.#completed(done);
      else this.#plays.FrameIsHeard();
    });
    return 0;
  }

  #delete(bridge, number, ids) {
    const deletion = { number, timesCalledBack: 0 };
    const callback = () => {
      deletion.timesCalledBack++;
      this.#plays.CalledBack(number);
    };
    this.#deletions.set(ids[0], deletion);
    const returned =
      ids.length === 1
        ? bridge.ConvDelete(ids[0], this.#script.TIMConvType.kTIMConv_C2C, callback)
        : bridge.ConvDeleteConversationList(
            ids.map((id) => `c2c_${id}`),
            true,
            callback,
          );
    if (returned !== 0) this.#deletions.delete(ids[0]);
    return returned;
  }

  #completed({ code, results }) {
    const id = results[0].conversation.userId;
    const deletion = this.#deletions.get(id);
    this.#deletions.delete(id);
    if (deletion === undefined) this.#plays.Wrong(`${id} is completed, and nobody waits for it`);
    else this.#plays.Ended(deletion.number, code, results[0].outcome);
  }

  /** That a session was lost, or a list, says nothing of the deletions. */
  #hears(error) {
    const { BridgeError, TIMResult } = this.#script;
    if (error instanceof BridgeError && error.code !== TIMResult.BRIDGE_ERR_BAD_FRAME) return;
    this.#plays.Wrong(`script's onError hears: ${error?.stack ?? error}`);
  }

  #end() {
    for (const bridge of this.#bridges.values()) bridge.close();
    this.#bridges.clear();
    this.#deletions.clear();
    return 0;
  }
}
