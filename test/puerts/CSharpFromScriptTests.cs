using System;
using System.Linq;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Puerts;
using TimChatBridge.Testing;

namespace TimChatBridge.PuertsTests
{
    /// <summary>What the typings tim-chatbridge/csharp offer, used by a game's script: C#'s own surface, beside the bridge's.</summary>
    [TestFixture("V8")]
    [TestFixture("QuickJS")]
    public sealed class CSharpFromScriptTests
    {
        private const string Game = @"
import { connect } from 'tim-chatbridge';
import { EmbeddedCore } from 'tim-chatbridge/embedded-core';

const conversations = ['alice', 'bob', 'carol'].map((conv_id) => ({ conv_id, conv_type: 1 }));
connect({ core: new EmbeddedCore({ userId: 'me', conversations }) });

const { Conversations, ConversationKey, CoreSession, TIMConvType } = CS.TimChatBridge;
const said = [];
const hear = ({ Conversations: keys }) => said.push(`${keys.Count} gone: ${keys.get_Item(0).Id}`);
const answer = (code, desc, userData) => said.push(`answer ${code} ${userData}`);
const arrayOf = (...keys) => {
  const array = CS.System.Array.CreateInstance(puer.$typeof(ConversationKey), keys.length);
  keys.forEach((key, index) => array.SetValue(key, index));
  return array;
};

const asks = {
  listen: () => Conversations.add_Deleted(hear),
  unlisten: () => Conversations.remove_Deleted(hear),
  one: () => Conversations.ConvDelete('alice', TIMConvType.kTIMConv_C2C, answer, 'mine'),
  bare: () => Conversations.ConvDelete('bob', TIMConvType.kTIMConv_C2C),
  refused: () => `${Conversations.ConvDelete('', TIMConvType.kTIMConv_C2C)} ${Conversations.LastError.Message}`,
  list: () => Conversations.ConvDeleteConversationList(
    arrayOf(ConversationKey.User('alice'), ConversationKey.User('bob')), true,
    (code, desc, results) => said.push(`answer ${code} ${results.get_Item(1).Conversation.ToString()} ${results.get_Item(1).Outcome}`)),
  jsArray: () => Conversations.ConvDeleteConversationList([ConversationKey.User('carol')], true),
  veto: () => {
    Conversations.DeletionsAllowed = false;
    return Conversations.ConvDelete('carol', TIMConvType.kTIMConv_C2C);
  },
  parse: () => ['GROUP42', '42'].map((notation) => {
    const found = puer.$ref();
    const isKey = ConversationKey.TryParse(notation, found);
    return `${isKey} ${puer.$unref(found)?.ToString()}`;
  }).join(),
  folder: () => {
    CoreSession.DataFolder = '/here';
    return CoreSession.DataFolder;
  },
};

export const take = () => said.splice(0).join('; ');
export const ask = (name) => {
  try {
    said.push(asks[name]());
  } catch (thrown) {
    said.push(String(thrown));
  }
};
export const kind = (name) => typeof CS.TimChatBridge[name];
";

        private readonly string backend;
        private ScriptEnv environment = null!;
        private ScriptObject game = null!;

        public CSharpFromScriptTests(string backend)
        {
            this.backend = backend;
        }

        [SetUp]
        public void Start()
        {
            RuntimeHelpers.RunClassConstructor(typeof(ScriptPort).TypeHandle);
            TestGame.Restart();
            environment = ScriptEnvironments.New(backend, new UnbundledGame(Game));
            game = environment.ExecuteModule("game.mjs");
        }

        [TearDown]
        public void End() => environment.Dispose();

        [Test]
        public void EveryPublicTypeIsThere()
        {
            string[] names = typeof(Conversations).Assembly.GetExportedTypes()
                .Where(type => type.Namespace == nameof(TimChatBridge) && !type.IsSubclassOf(typeof(Delegate)))
                .Select(type => type.Name).ToArray();
            Assert.That(names, Does.Contain("Conversations").And.Contain("TIMResult"));
            var kind = game.Get<Func<string, string>>("kind");
            Assert.That(names.Where(name => kind(name) != "function"), Is.Empty);
        }

        [Test]
        public void EventsAreHeardUntilTheyAreGivenBack()
        {
            Assert.That(Ask("listen"), Is.Empty);
            Assert.That(Ask("bare"), Is.EqualTo("0; 1 gone: bob"));
            Assert.That(Ask("unlisten"), Is.Empty);
            Assert.That(Ask("one"), Is.EqualTo("0; answer 0 mine"));
        }

        [Test]
        public void ARefusalSaysWhy() =>
            Assert.That(Ask("refused"), Is.EqualTo($"{(int)TIMResult.TIM_ERR_PARAM} ConvDelete: the id is empty; nothing was deleted"));

        [Test]
        public void AListIsACSharpArray()
        {
            Assert.That(Ask("list"), Is.EqualTo($"0; answer 0 c2c_bob {(int)Outcome.Deleted}"));
            Assert.That(Ask("jsArray"), Does.Contain("invalid arguments to ConvDeleteConversationList"));
        }

        [Test]
        public void WhatGoesByReferenceIsGivenBack() => Assert.That(Ask("parse"), Is.EqualTo("true group_42,false undefined"));

        [Test]
        public void WhatCanBeSetIsSet()
        {
            Assert.That(Ask("folder"), Is.EqualTo("/here"));
            Assert.That(Ask("veto"), Is.EqualTo($"{(int)TIMResult.BRIDGE_ERR_VETOED}"));
        }

        // What script said, then and in the frames that follow.
        private string Ask(string name)
        {
            game.Get<Action<string>>("ask")(name);
            for (int frame = 0; frame < 5; frame++)
            {
                TestGame.Tick();
                environment.Tick();
            }

            return game.Get<Func<string>>("take")();
        }
    }
}
