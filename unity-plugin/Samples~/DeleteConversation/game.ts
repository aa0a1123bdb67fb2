// The sample's entry in Unity: plays the story on the embedded core, with no account.
import { type BridgeError, connect } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { type ChatListScreen, tellStory } from "./game-logic.js";
import { conversations, plan } from "./story.js";

declare const CS: { readonly TimChatBridge: { readonly Samples: { readonly ChatListScreen: ChatListScreen } } };

const bridge = connect({ core: new EmbeddedCore({ userId: "me", conversations }) });
const say = (line: string) => console.log(`[TypeScript] ${line}`);
const teller = {
  say,
  called: (id: string, code: number) => say(`callback of ConvDelete(${id}): code ${code}`),
  refused: (id: string, error: BridgeError) => say(`ConvDelete(${id}) was refused: ${error.message}`),
};
void tellStory(bridge, CS.TimChatBridge.Samples.ChatListScreen, plan, teller);
