// Script and plugin of different releases: they agree on what both speak, or say which of them to update.

import * as thisRelease from "tim-chatbridge:copy";
import * as tooOld from "tim-chatbridge:speaks/900-999";
import * as newer from "tim-chatbridge:speaks/1000-1007";
import * as tooNew from "tim-chatbridge:speaks/1001-1007";
import * as nextMajor from "tim-chatbridge:speaks/2000-2000";
import { type connect, TIMResult } from "tim-chatbridge";
import { claimWords, claimWorks, openWith } from "./embedded-bridge.js";
import { same, scenario } from "./scenario.js";

type Connect = typeof connect;

scenario("a script updated past its plugin falls back to what the plugin speaks, and works", async (stage) => {
  await claimWorks(stage, openWith(stage, newer.connect as unknown as Connect));
});

for (const [what, { connect: other }, words] of [
  ["too new", tooNew, ["plugin speaks protocol 1.0, this script 1.1 to 1.7", "Update the Unity package (C#)"]],
  ["of the next major version", nextMajor, ["plugin speaks protocol 1.0", "Update the Unity package (C#)"]],
  ["too old", tooOld, ["plugin speaks protocol 1.0, this script 0.900 to 0.999", "Update the npm"]],
] as const) {
  scenario(
    `a script that is ${what} is told which side to update, and takes nothing from the bridge that works`,
    async (stage) => {
      const working = openWith(stage, thisRelease.connect as unknown as Connect);
      let refusal = { code: 0, message: "it was not refused" };
      try {
        openWith(stage, other as unknown as Connect);
      } catch (error) {
        refusal = error as typeof refusal;
      }
      same(refusal.code, TIMResult.BRIDGE_ERR_WRONG_VERSION, "code");
      for (const part of words) claimWords(refusal.message, part);
      await claimWorks(stage, working);
    },
  );
}
