import { TIMResult } from "tim-chatbridge";
import type { ConvDelete } from "../../../src/protocol/gen/chatbridge/v1/core.js";
import { DrainBatch, ToPlugin } from "../../../src/protocol/gen/chatbridge/v1/envelope.js";
import { SendResult } from "../../../src/protocol/gen/chatbridge/v1/error.js";
import "../../../src/protocol/text-codec.js";
import { users } from "./conversations.js";
import { holds, nativeScenario, type RawPort, type Stage, same, scenario } from "./scenario.js";
import { outcomes } from "./watch.js";

const protocol = 1000;
const convDelete = 5;

/** A session that speaks frames itself. */
function open(stage: Stage): { readonly port: RawPort; readonly session: number; epoch(): number } {
  const { port } = stage;
  const session = port.Open(protocol, protocol);
  holds(session > 0, `Open returned ${session}`);
  port.SetWake(session, () => port.Drain(session, 1 << 20));
  stage.cleanUp(() => port.Close(session));
  return { port, session, epoch: () => DrainBatch.decode(new Uint8Array(port.Drain(session, 1)).slice()).epoch };
}

function deleteFrame(callId: number, epoch: number, value: ConvDelete, version = 1): Uint8Array {
  return ToPlugin.encode({
    version,
    body: { $case: "coreCall", value: { callId, epoch, originRequestId: 0, method: { $case: "convDelete", value } } },
  }).finish();
}

const utf8 = (ascii: string) => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

scenario("an Open of another protocol is told what the plugin speaks", async (stage) => {
  same(stage.port.Open(protocol * 2, protocol * 2), -protocol, "a newer script");
  same(stage.port.Open(protocol - 1, protocol - 1), -protocol, "an older script");
});

nativeScenario("hostile frames are refused, each with its own code, and nothing reaches the core", async (stage) => {
  stage.standIn.Load(JSON.stringify(users("alice")));
  const { port, session, epoch } = open(stage);
  const good = deleteFrame(1, epoch(), { convId: utf8("alice"), convType: 1 });
  const refused: readonly (readonly [string, Uint8Array, SendResult])[] = [
    ["an empty frame", new Uint8Array(0), SendResult.BAD_FRAME],
    ["a truncated frame", good.subarray(0, good.length - 5), SendResult.BAD_FRAME],
    ["noise", Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 11) & 0xff), SendResult.BAD_FRAME],
    ["an over-large frame", new Uint8Array((1 << 20) + 1), SendResult.TOO_LARGE],
    ["an unknown field", Uint8Array.from([...good, 0xf8, 0x3f, 0x01]), SendResult.BAD_FRAME],
    [
      "another protocol version",
      deleteFrame(1, epoch(), { convId: utf8("alice"), convType: 1 }, 2),
      SendResult.WRONG_VERSION,
    ],
    ["no conv_id", deleteFrame(1, epoch(), { convId: undefined, convType: 1 }), SendResult.BAD_FRAME],
    ["no conv_type", deleteFrame(1, epoch(), { convId: utf8("alice"), convType: undefined }), SendResult.BAD_FRAME],
    ["an empty conv_id", deleteFrame(1, epoch(), { convId: utf8(""), convType: 1 }), SendResult.BAD_ID],
    ["a NUL in the conv_id", deleteFrame(1, epoch(), { convId: utf8("alice\0x"), convType: 1 }), SendResult.BAD_ID],
    ["invalid UTF-8", deleteFrame(1, epoch(), { convId: Uint8Array.of(0x61, 0xff), convType: 1 }), SendResult.BAD_ID],
    ["type 3", deleteFrame(1, epoch(), { convId: utf8("alice"), convType: 3 }), SendResult.BAD_TYPE],
    ["call id 0", deleteFrame(0, epoch(), { convId: utf8("alice"), convType: 1 }), SendResult.BAD_CALL_ID],
    ["another epoch", deleteFrame(1, epoch() + 1, { convId: utf8("alice"), convType: 1 }), SendResult.STALE_EPOCH],
  ];
  const before = stage.standIn.Calls(convDelete);
  for (const [what, frame, code] of refused) same(port.Send(session, frame), -code, what);
  same(stage.standIn.Calls(convDelete), before, "calls that reached the core");
  same(port.Send(session, good), 0, "a good frame afterwards");
  same(stage.standIn.Calls(convDelete), before + 1, "calls that reached the core after it");
});

nativeScenario("a frame whose id is missing, sent right after a good one, deletes nothing", async (stage) => {
  stage.standIn.Load(JSON.stringify(users("alice")));
  const { port, session, epoch } = open(stage);
  same(port.Send(session, deleteFrame(1, epoch(), { convId: utf8("alice"), convType: 1 })), 0, "the good one");
  const calls = stage.standIn.Calls(convDelete);
  const missing = deleteFrame(2, epoch(), { convId: undefined, convType: 1 });
  same(port.Send(session, missing), -SendResult.BAD_FRAME, "the one without an id");
  same(stage.standIn.Calls(convDelete), calls, "calls that reached the core");
});

scenario("a closed session's frames are refused", async (stage) => {
  const { port, session, epoch } = open(stage);
  const frame = deleteFrame(1, epoch(), { convId: utf8("alice"), convType: 1 });
  port.Close(session);
  same(port.Send(session, frame), -SendResult.CLOSED, "after Close");
  same(port.Send(session + 1000, frame), -SendResult.CLOSED, "of a session that never was");
});

scenario(
  "a script whose wake throws before it drains is done with, and C# is told what became of its requests",
  async (stage) => {
    const { port } = stage;
    const session = port.Open(protocol, protocol);
    stage.cleanUp(() => port.Close(session));
    port.SetWake(session, () => {
      throw new Error("the script failed");
    });
    same(stage.game.ConvDelete("alice", 1, "C#"), 0, "return of C#'s request");
    await stage.frames(2);
    const [callback, completion] = stage.received();
    same(
      callback,
      { name: "Callback", message: { code: TIMResult.BRIDGE_ERR_CLOSED, userData: "C#" } },
      "C#'s callback",
    );
    same(outcomes(completion), ["OUTCOME_NOT_SENT"], "the outcome of what the script had not seen");
    same(
      port.Send(session, deleteFrame(1, 1, { convId: utf8("alice"), convType: 1 })),
      -SendResult.CLOSED,
      "its next frame",
    );
    const next = open(stage);
    holds(next.session !== session, "another script has another session");
    same(next.port.Send(next.session, new Uint8Array(0)), -SendResult.BAD_FRAME, "it is heard");
  },
);

scenario("a script whose wake throws after it drained keeps its session", async (stage) => {
  const { port, session } = open(stage);
  let wakes = 0;
  port.SetWake(session, () => {
    wakes++;
    port.Drain(session, 1 << 20);
    throw new Error("the script failed");
  });
  await stage.frames(3);
  same(wakes, 3, "wakes");
  same(port.Send(session, new Uint8Array(0)), -SendResult.BAD_FRAME, "it is heard");
});
