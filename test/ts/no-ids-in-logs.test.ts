import { describe, expect, test } from "vitest";
import { utf8 } from "./support/protobufjs-root.js";
import { makeRig, type Rig } from "./support/rig.js";

// Long enough for any engine to quote, short enough for an id.
const secret = "secret-player";
const request = (method: object): object => ({ request: { requestId: 7, ...method } });

/** What the core and C# can send that is reported, with an id where it is wrong. */
const hostile: [string, RegExp, (rig: Rig) => void][] = [
  ["an event that is no JSON", /Add event: not JSON$/, ({ core }) => core.event(0, `[${secret}]`)],
  ["an event with a bare id", /entry 0: .*does not say what it names/, ({ core }) => core.event(1, `["${secret}"]`)],
  [
    "an event with an id of another type",
    /entry 1: conv_id is missing/,
    ({ core }) => core.event(2, `["c2c_a",{"conv_id":["${secret}"],"conv_type":1}]`),
  ],
  [
    "an event with an id that is too long",
    /entry 0: the userID is 82 bytes long/,
    ({ core }) => core.event(2, `["c2c_${secret}-${secret}-${secret}-${secret}-${secret}-${secret.slice(0, 12)}"]`),
  ],
  [
    "a list of what is no JSON",
    /conversation list: not JSON$/,
    ({ bridge, core }) => {
      bridge.ConvGetConvList(() => {});
      core.answer({ json: `{"conv_id":"${secret}",}` });
    },
  ],
  [
    "a list after lost events that is no JSON",
    /cannot be read: not JSON/,
    ({ core }) => {
      core.lose(1);
      core.answer({ json: secret });
    },
  ],
  [
    "a list after lost events that the core refuses in its own words",
    /after lost events failed with code 6017\. /,
    ({ core }) => {
      core.lose(1);
      core.answer({ code: 6017, desc: `${secret} is wrong` });
    },
  ],
  [
    "a request with a bare id",
    /request 7 from C#: conversation 1: the conversation id does not say what it names/,
    ({ host }) =>
      host.deliver(request({ convDeleteList: { convIds: [utf8("c2c_a"), utf8(secret)], clearMessage: true } })),
  ],
];

describe("what is reported of the core's and C#'s mistakes carries no ids: it goes to the console", () => {
  test.each(hostile)("%s", (_what, words, happens) => {
    const rig = makeRig({ plugin: true });
    happens(rig);
    expect(rig.errors.length).toBeGreaterThan(0);
    expect(rig.errors.some((error) => words.test((error as Error).message))).toBe(true);
    for (const error of rig.errors) expect(`${error} ${(error as Error).stack}`).not.toContain(secret);
  });

  test("whoever asked is told which id it was", () => {
    const { host, bridge } = makeRig({ plugin: true });
    host.deliver(request({ convDeleteList: { convIds: [utf8(secret)], clearMessage: true } }));
    expect(host.notices[0]?.deleteCompleted.desc).toContain(secret);
    expect(bridge.ConvDeleteConversationList([secret], true)).not.toBe(0);
    expect(bridge.lastError?.message).toContain(secret);
  });
});
