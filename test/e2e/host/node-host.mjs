// Shows the C# side to script as PuerTS does (the globals CS and puer), inside Node.js.
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const assemblies = {
  native: join(here, "bin/Release/net8.0/TimChatBridge.NodeHost.dll"),
  WebGL: join(here, "../../../.cache/webgl-host/bin/TimChatBridge.NodeHost/release/TimChatBridge.NodeHost.dll"),
};

/**
 * Loads the C# side, as it is compiled for a platform, into this process and defines `CS` and `puer`. Returns the game's
 * part: its loop and what C# said. Once a process (or a vitest worker).
 *
 * @param {keyof typeof assemblies} [platform]
 */
export function loadNodeHost(platform = "native") {
  // node-api-dotnet's entry for .NET 8 takes whichever later one is installed.
  process.env.DOTNET_ROLL_FORWARD ??= "LatestMajor";
  const dotnet = createRequire(import.meta.url)("node-api-dotnet/net8.0");
  dotnet.load(assemblies[platform]);
  const { NodeHost, Samples, Testing, UserModel } = dotnet.TimChatBridge;
  const { NodeScriptPort, NodeScriptEnvironment, GameLoop, SoakDoor } = NodeHost;
  const { AttachedGame, BetweenFrames, FuzzDoor, MatrixDoor, MessageLog, StandIn, TestGame } = Testing;
  // In PuerTS a C# class is a function with its static methods on it.
  const ScriptPort = Object.assign(() => {}, {
    Capabilities: () => NodeScriptPort.Capabilities(),
    Open: (min, max) => NodeScriptPort.Open(min, max),
    SetEnvironment: (session, environment) => NodeScriptPort.SetEnvironment(session, environment),
    SetWake: (session, wake) => NodeScriptPort.SetWake(session, wake),
    // node-api-dotnet knows its own context's arrays only.
    Send: (session, frame) => NodeScriptPort.Send(session, new Uint8Array(frame)),
    Drain: (session, maxBytes) => arrayBuffer(NodeScriptPort.Drain(session, maxBytes)),
    Close: (session) => NodeScriptPort.Close(session),
  });
  globalThis.CS = {
    TimChatBridge: {
      ScriptPort,
      Samples: { ChatListScreen: Samples.ChatListScreen },
      Testing: { AttachedGame, MatrixDoor, StandIn, TestGame },
    },
  };
  globalThis.puer = { on: (event, listener) => process.on(event, listener) };
  GameLoop.Initialize();
  return {
    BetweenFrames,
    FuzzDoor,
    GameLoop,
    MatrixDoor,
    MessageLog,
    NodeScriptEnvironment,
    NodeScriptPort,
    SoakDoor,
    StandIn,
    TestGame,
    // Not in the C# side for WebGL.
    UserPlays: UserModel?.UserPlays,
  };
}

/** What PuerTS gives for C#'s bytes. */
export function arrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

/** Ticks the game until `done` settles, and returns or throws what it did. `afterTick` runs after every frame. */
export async function playUntil(GameLoop, done, afterTick = () => {}) {
  let settled = false;
  const watched = done.finally(() => {
    settled = true;
  });
  // Watched here, so that a rejection is never unhandled while frames are played.
  watched.catch(() => {});
  while (!settled) {
    GameLoop.Tick();
    afterTick();
    await new Promise((resolve) => setImmediate(resolve));
  }
  GameLoop.Tick();
  afterTick();
  return watched;
}
