// Plays the DeleteConversation sample on the Node host: its TypeScript, its C#, and the production plugin between them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNodeHost, playUntil } from "../../test/e2e/host/node-host.mjs";
import { conversationsDeletedJson, deleteCompletedJson, resultJson } from "./proto-json.mjs";
import { root } from "./root.mjs";
import { fail } from "./start-arguments.mjs";

const sample = await import(join(root, ".cache/sample/sample.mjs"));
const { ErrorCategory, ErrorSource } = sample;

/** Plays the sample as the command line says. */
export async function play({ json, core, library, conversations, ids }) {
  const list = conversations ?? JSON.stringify(sample.conversations);
  const keys = readList(list);
  const toDelete = ids?.map((id) => notationOf(id, keys));
  const plan = conversations === undefined ? sample.plan : planFor(keys);

  const { GameLoop, MessageLog } = loadNodeHost();
  MessageLog.Start();
  const out = json ? jsonPrinter(MessageLog) : storyPrinter(MessageLog);
  const folder = mkdtempSync(join(tmpdir(), "tim-chatbridge-"));
  try {
    const bridge = openBridge({ core, library, list, folder, GameLoop });
    let failure;
    out.listen(bridge);
    const screen = globalThis.CS.TimChatBridge.Samples.ChatListScreen;
    const run = async () => {
      if (core === "native") await signIn(bridge, out.say);
      if (toDelete === undefined) {
        await sample.tellStory(bridge, screen, plan, out);
        await secondClients(core, out);
      } else {
        await sample.showList(bridge, screen, out);
        await sample.deleteAll(bridge, toDelete, out);
      }
      out.say(`at the end: ${sample.names(await bridge.getConversationList())}`);
    };
    await playUntil(GameLoop, run(), out.afterTick).catch((error) => {
      failure = error;
    });
    bridge.close();
    GameLoop.Shutdown();
    out.afterTick();
    if (failure !== undefined) fail(failure.message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readList(text) {
  try {
    // Reads it as strictly as the embedded core will, and says where it is wrong.
    new sample.EmbeddedCore({ userId: "me", conversations: text });
    return JSON.parse(text)
      .filter(({ conv_type }) => conv_type === 1 || conv_type === 2)
      .map(({ conv_id, conv_type }) => sample.keyOf(conv_id, conv_type));
  } catch (error) {
    return fail(`--conversations: ${error.message}\nNothing was deleted.`);
  }
}

/** Any notation, or a bare id that names one conversation of the list. */
function notationOf(id, keys) {
  const bare = keys.filter((key) => sample.toBareId(key).convId === id).map(sample.toConvID);
  const refuse = (why) => fail(`--delete ${JSON.stringify(id)}: ${why}. Nothing was deleted.`);
  let read;
  try {
    read = sample.toConvID(sample.parseConversation(id));
  } catch (error) {
    if (bare.length === 1) return bare[0];
    return refuse(bare.length > 1 ? `the list has ${bare.join(" and ")}; write which` : error.message);
  }
  const listed = keys.some((key) => sample.toConvID(key) === read);
  if (listed && bare.length > 0) return refuse(`it could mean ${[read, ...bare].join(" or ")}; write which`);
  return read;
}

/** The story on a list of the user's own: what there is to delete. */
function planFor(keys) {
  const [fromScript, fromCSharp, ...others] = keys.map(sample.toConvID);
  return {
    fromScript,
    fromCSharp,
    keepingHistory: others.length === 0 ? undefined : others.slice(0, 2),
    unknown: keys.some((key) => sample.toConvID(key) === sample.plan.unknown) ? undefined : sample.plan.unknown,
  };
}

function openBridge({ core, library, list, folder, GameLoop }) {
  if (core === "embedded") {
    return sample.connect({ core: new sample.EmbeddedCore({ userId: "me", conversations: list }) });
  }
  // The stand-in for libImSDK in test/native has the conversations of this file; the vendor's own has its account's.
  const file = join(folder, "conversations.json");
  // As JSON is written by machines: 1.0 is 1.
  writeFileSync(file, JSON.stringify(JSON.parse(list)));
  process.env.CHATBRIDGE_STANDIN_CONVERSATIONS = file;
  GameLoop.UseLibrary(library);
  return sample.connect();
}

async function signIn(bridge, say) {
  await called((callback) => bridge.Init(1_400_000_000, "", callback), bridge, "Init");
  await called((callback) => bridge.Login("me", "the-game-server-makes-this", callback), bridge, "Login");
  say("signed in as me on the native core");
}

function called(call, bridge, name) {
  return new Promise((resolve, reject) => {
    const result = call((code, desc) =>
      code === 0 ? resolve() : reject(new Error(`${name} failed with code ${code}: ${desc}`)),
    );
    if (result !== 0) reject(bridge.lastError);
  });
}

async function secondClients(core, teller) {
  if (core === "native") {
    teller.say("a second client needs a second device: the story of it is told on the embedded core only");
    return;
  }
  await sample.tellSecondClient(false, teller);
  await sample.tellSecondClient(true, teller);
}

function storyPrinter(MessageLog) {
  const say = (line) => console.log(`TypeScript  ${line}`);
  return {
    say,
    called: (id, code, desc) => say(`callback of ConvDelete(${id}): code ${code}${desc === "" ? "" : `, "${desc}"`}`),
    refused: (id, { message }) => say(`ConvDelete(${id}) was refused: ${message}`),
    listen() {},
    afterTick() {
      for (const line of lines(MessageLog.TakeSaid())) console.log(`C#          ${line}`);
      MessageLog.TakeReceived();
    },
  };
}

function jsonPrinter(MessageLog) {
  const names = { ErrorCategory, ErrorSource };
  const print = (side, message, fields) => console.log(JSON.stringify({ side, message, ...fields }));
  return {
    say() {},
    called(_id, code, desc) {
      const source = "ERROR_SOURCE_SDK_CALLBACK";
      print("ts", "CoreResult", { source, code, desc: Buffer.from(desc).toString("base64") });
    },
    refused: (id, error) => {
      const conversation = sample.parseConversation(id);
      print("ts", "Result", resultJson({ conversation, outcome: error.outcome, error }, names));
    },
    listen(bridge) {
      bridge.onDeleteCompleted((event) => print("ts", "DeleteCompleted", deleteCompletedJson(event, names)));
      bridge.onConversationDeleted((event) => print("ts", "ConversationsDeleted", conversationsDeletedJson(event)));
    },
    afterTick() {
      MessageLog.TakeSaid();
      for (const line of lines(MessageLog.TakeReceived())) {
        const space = line.indexOf(" ");
        print("csharp", line.slice(0, space), JSON.parse(line.slice(space + 1)));
      }
    },
  };
}

function lines(text) {
  return text === "" ? [] : text.split("\n");
}
