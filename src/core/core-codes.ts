/** Codes of the native core, as far as this package answers with them. Source: TIMErrorCode.h. */
export enum CoreCode {
  /** Done. */
  Succ = 0,
  /** Batch: not one of the conversations was deleted. */
  BatchAllFailed = 6003,
  /** There is no such conversation. */
  InvalidConversation = 6004,
  /** The core is not initialised. */
  NotInitialized = 6013,
  /** Nobody is signed in, or no longer the user who asked. */
  NotLoggedIn = 6014,
  /** An id or a list of ids is wrong. */
  InvalidParameters = 6017,
  /** More requests a second than the vendor allows. */
  RequestFrequency = 9506,
  /** More requests under way than the vendor allows. */
  RequestOverload = 9507,
}
