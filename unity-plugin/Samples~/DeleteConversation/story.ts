import type { ConvInfo } from "tim-chatbridge";
import type { Plan } from "./game-logic.js";

/** The conversations of the story's user, as `TIMConvGetConvList` gives them. */
export const conversations: readonly ConvInfo[] = [
  { conv_id: "alice", conv_type: 1, conv_show_name: "Alice" },
  { conv_id: "bob", conv_type: 1, conv_show_name: "Bob" },
  { conv_id: "carol", conv_type: 1, conv_show_name: "Carol" },
  { conv_id: "guild", conv_type: 2, conv_show_name: "The Guild" },
  { conv_id: "raid_42", conv_type: 2, conv_show_name: "Raid 42" },
  { conv_id: "dave", conv_type: 1, conv_show_name: "Dave" },
];

/** What the story deletes. */
export const plan: Plan = {
  fromScript: "c2c_alice",
  fromCSharp: "c2c_bob",
  keepingHistory: ["c2c_carol", "group_raid_42"],
  unknown: "c2c_nobody",
};
