// The sample's script for PuerTS: joins the session, and says in the console what becomes of it. Run it when C# has opened
// the session (AttachedSession.OnInitialised).
import { forget, joinSession } from "./attached-game.js";

const log = (line: string): void => console.log(`[TypeScript] ${line}`);
const bridge = joinSession(log);

/** Deletes one conversation, named as in `c2c_alice`, history and all. */
export function forgetConversation(conversation: string): void {
  void forget(bridge, conversation, log);
}
