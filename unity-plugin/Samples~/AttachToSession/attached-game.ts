import { type Bridge, BridgeError, connect, TIMResult } from "tim-chatbridge";

/** Joins the session that the game's C# has opened, and tells what becomes of it. */
export function joinSession(log: (line: string) => void): Bridge {
  const bridge = connect({ attach: true });
  bridge.onSessionChanged(({ kind }) =>
    log(`another user, or none (${kind}): what was under way has ended as unknown`),
  );
  bridge.onConnectionChanged(({ status, desc }) => log(`connection: ${status} ${desc}`));
  bridge.onConversationDeleted(({ conversations }) => log(`gone: ${JSON.stringify(conversations)}`));
  return bridge;
}

/** Deletes one conversation in whoever's session it is. */
export async function forget(bridge: Bridge, conversation: string, log: (line: string) => void): Promise<void> {
  try {
    await bridge.deleteConversation(conversation);
    log(`${conversation} is deleted`);
  } catch (error) {
    // The user changed while it was asked for: it is not known to be deleted, and never runs as the next user.
    const changed = error instanceof BridgeError && error.code === TIMResult.BRIDGE_ERR_STALE_EPOCH;
    log(changed ? `${conversation}: the user changed; list again to see` : `${conversation}: ${String(error)}`);
  }
}
