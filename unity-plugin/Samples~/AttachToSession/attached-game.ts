import { type Bridge, BridgeError, connect, TIMResult, toConvID } from "tim-chatbridge";

/** Joins the session that the game's C# has opened, shows its conversations, and tells what becomes of it. */
export function joinSession(log: (line: string) => void): Bridge {
  const bridge = connect({ attach: true });
  bridge.onSessionChanged(({ kind }) => {
    log(`the user changes, or has changed (${kind}): what was under way has ended`);
    // C# tells of each change twice, before it and when it is done: what was listed in between may be the earlier user's.
    if (kind === "notified") void showList(bridge, log);
  });
  bridge.onConnectionChanged(({ status, desc }) => log(`connection: ${status} ${desc}`));
  bridge.onConversationDeleted(({ conversations }) => log(`gone: ${JSON.stringify(conversations)}`));
  void showList(bridge, log);
  return bridge;
}

/** Shows the conversations of whoever is signed in. */
async function showList(bridge: Bridge, log: (line: string) => void): Promise<void> {
  try {
    const conversations = await bridge.getConversationList();
    log(`conversations: ${conversations.map(({ key }) => toConvID(key)).join(", ") || "none"}`);
  } catch (error) {
    // The user changed again before the list came: that change is told of by itself.
    if (!hasUserChanged(error)) log(`no list: ${String(error)}`);
  }
}

/** Deletes one conversation in whoever's session it is. */
export async function forget(bridge: Bridge, conversation: string, log: (line: string) => void): Promise<void> {
  try {
    await bridge.deleteConversation(conversation);
    log(`${conversation} is deleted`);
  } catch (error) {
    // It is not known to be deleted, and never runs as the next user.
    log(
      hasUserChanged(error)
        ? `${conversation}: the user changed; list again to see`
        : `${conversation}: ${String(error)}`,
    );
  }
}

function hasUserChanged(error: unknown): boolean {
  return error instanceof BridgeError && error.code === TIMResult.BRIDGE_ERR_STALE_EPOCH;
}
