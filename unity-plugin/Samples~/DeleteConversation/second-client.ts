// A second client (a phone beside a PC) of the same user: does it see the deletion?
import { connect, toConvID } from "tim-chatbridge";
import { EmbeddedCore, EmbeddedServer } from "tim-chatbridge/embedded-core";
import { names, type Teller } from "./game-logic.js";
import { conversations } from "./story.js";

/** Deletes a conversation on one client of a user and tells what another client of that user has then. */
export async function tellSecondClient(syncDeletionAcrossClients: boolean, teller: Teller): Promise<void> {
  const server = new EmbeddedServer({ syncDeletionAcrossClients });
  const first = connect({ core: new EmbeddedCore({ server, userId: "me", conversations }), plugin: false });
  const second = connect({ core: new EmbeddedCore({ server, userId: "me" }), plugin: false });
  second.onConversationDeleted((event) =>
    teller.say(`the second client hears: ${event.conversations.map(toConvID)} deleted`),
  );
  await first.deleteConversation("c2c_alice");
  teller.say(
    `"Sync Conversation Deletion Across Clients" is ${syncDeletionAcrossClients ? "on" : "off"}: the first client deleted ` +
      `c2c_alice; the second has ${names(await second.getConversationList())}`,
  );
  first.close();
  second.close();
}
