// The sample's entry in Unity: an account with no server behind it, and the two chat lists of this sample on it: this one's
// logic is TypeScript (chat-list.ts), the other one's is C# (ChatListController.cs). Each sees what the other deletes.
import { connect, toConvID } from "tim-chatbridge";
import { EmbeddedCore } from "tim-chatbridge/embedded-core";
import { ChatList } from "./chat-list.js";
import { type CSharpRows, showOn, type Window } from "./window.js";

declare const CS: {
  readonly TimChatBridge: {
    readonly Samples: { readonly ScriptedChatListWindow: Window; readonly ChatListRows: CSharpRows };
  };
};
declare function setTimeout(job: () => void, ms: number): unknown;

const { ScriptedChatListWindow, ChatListRows } = CS.TimChatBridge.Samples;
const core = new EmbeddedCore({
  userId: "me",
  conversations: [
    { conv_id: "alice", conv_type: 1, conv_show_name: "Alice" },
    { conv_id: "bob", conv_type: 1, conv_show_name: "Bob" },
    { conv_id: "guild", conv_type: 2, conv_show_name: "The Guild" },
    { conv_id: "raid_42", conv_type: 2, conv_show_name: "Raid 42" },
  ],
});
const list = new ChatList(connect({ core }), () => showOn(ScriptedChatListWindow, list));
showOn(ScriptedChatListWindow, list);

// C# has no call for the list: it is shown what is there at the start, and hears by itself what comes and goes.
void list.refresh().then(() => {
  for (const { conversation, title } of list.model.rows) ChatListRows.Show(toConvID(conversation), title);
});

// Others write now and then: a message brings a row, a deleted one too.
setTimeout(function message() {
  core.server.sendC2C("erin", "me", "are you there?");
  core.server.sendC2C("alice", "me", "hello again");
  setTimeout(message, 15_000);
}, 5_000);
