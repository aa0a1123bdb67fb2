import type { Conversation } from "../conversation/conv-info.js";
import type { DeleteResult } from "./deletion.js";

/** A call's end, as the vendor gives it: 0 is success. `user_data` is what the call was given. */
export type TIMCallback<UserData = unknown> = (code: number, desc: string, user_data: UserData) => void;

/** A batch's end: one result for each conversation that was asked for, in that order. */
export type ConvDeleteListCallback<UserData = unknown> = (
  code: number,
  desc: string,
  results: readonly DeleteResult[],
  user_data: UserData,
) => void;

/** The conversation list, or an empty one and why. */
export type ConvListCallback<UserData = unknown> = (
  code: number,
  desc: string,
  conversations: readonly Conversation[],
  user_data: UserData,
) => void;
