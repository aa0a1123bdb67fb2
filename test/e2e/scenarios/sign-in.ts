import { type Bridge, connect } from "tim-chatbridge";
import type { users } from "./conversations.js";
import type { Stage } from "./scenario.js";

/** A bridge on the native core that owns its session, with "me" signed in. */
export async function signIn(stage: Stage, ...conversations: ReturnType<typeof users>): Promise<Bridge> {
  stage.standIn.Load(JSON.stringify(conversations));
  const bridge = connect();
  stage.cleanUp(() => bridge.close());
  await answered((callback) => bridge.Init(1_400_000_000, "", callback));
  await answered((callback) => bridge.Login("me", "sig", callback));
  return bridge;
}

/** A session call that is answered with success. */
export function answered(call: (callback: (code: number, desc: string) => void) => number): Promise<void> {
  return new Promise((resolve, reject) => {
    const result = call((code, desc) => (code === 0 ? resolve() : reject(new Error(`code ${code}: ${desc}`))));
    if (result !== 0) reject(new Error(`returned ${result}`));
  });
}
