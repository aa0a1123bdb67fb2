using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf;
using NUnit.Framework;
using TimChatBridge.Protocol;

namespace TimChatBridge.Tests
{
    // What has held a UserSig is wiped or let go of as soon as nobody needs it. Invariant 12.
    public sealed class UserSigMemoryTests : PluginFixture
    {
        private const string UserSig = "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zIh4sWpRZl5KVCZxKLi";

        // Of a size that nothing else here asks for, so that the allocator hands the same memory out again.
        private static readonly byte[] LongSig = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(UserSig, 10)));

        [Test]
        public void NativeTextIsOverwrittenBeforeItIsFreed()
        {
            // The control: what is freed as it is can be found again.
            if (!FoundAgain(() =>
            {
                IntPtr memory = Marshal.AllocHGlobal(LongSig.Length + 1);
                Marshal.Copy(LongSig, 0, memory, LongSig.Length);
                Marshal.FreeHGlobal(memory);
                return memory;
            }))
            {
                Assert.Ignore("this machine's allocator does not hand freed memory out again as it is: what is in it cannot be seen");
            }

            Assert.That(
                FoundAgain(() =>
                {
                    var text = new NativeText(LongSig);
                    IntPtr memory = text.Memory;
                    text.Free();
                    return memory;
                }),
                Is.False,
                "the freed memory still holds the UserSig");
        }

        [Test]
        public void TheReusedMessageForgetsALogin()
        {
            var script = new Script(Plugin);
            var login = new Login { UserId = ByteString.CopyFromUtf8("me"), UserSig = ByteString.CopyFromUtf8(UserSig) };
            string held = string.Empty;
            Core.OnCall = _ => held = HeldMessage();
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = login }), Is.EqualTo(0));
            Assert.That(held, Does.Contain(UserSig), "the message that the call was read into");
            Assert.That(HeldMessage(), Does.Not.Contain(UserSig));
        }

        [Test]
        public void TheArrayThatTheCoreWasGivenIsWiped()
        {
            var script = new Script(Plugin);
            var login = new Login { UserId = ByteString.CopyFromUtf8("me"), UserSig = ByteString.CopyFromUtf8(UserSig) };
            string during = string.Empty;
            Core.OnCall = _ => during = Encoding.ASCII.GetString(Core.UserSig);
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = login }), Is.EqualTo(0));
            Assert.That(during, Is.EqualTo(UserSig));
            Assert.That(Core.UserSig, Has.Length.EqualTo(UserSig.Length).And.All.EqualTo(0));
        }

        [Test]
        public void AlsoOneThatThrew()
        {
            var script = new Script(Plugin);
            var login = new Login { UserId = ByteString.CopyFromUtf8("me"), UserSig = ByteString.CopyFromUtf8(UserSig) };
            Core.Throws = new InvalidOperationException("odd");
            Assert.That(script.Call(new CoreCall { CallId = 1, Epoch = Plugin.Epoch, Login = login }), Is.Not.EqualTo(0));
            Assert.That(HeldMessage(), Does.Not.Contain(UserSig));
        }

        // Has memory freed, is given it again by asking for as much, and looks for the UserSig in it.
        private static bool FoundAgain(Func<IntPtr> allocateAndFree)
        {
            // So that the allocator keeps what is freed next on top.
            var taken = new List<IntPtr>(Enumerable.Range(0, 64).Select(_ => Marshal.AllocHGlobal(LongSig.Length + 1)));
            IntPtr freed = allocateAndFree();
            bool found = false;
            for (int i = 0; i < 64; i++)
            {
                IntPtr memory = Marshal.AllocHGlobal(LongSig.Length + 1);
                taken.Add(memory);
                var bytes = new byte[LongSig.Length];
                Marshal.Copy(memory, bytes, 0, bytes.Length);
                found |= memory == freed && Encoding.ASCII.GetString(bytes).Contains(UserSig);
            }

            taken.ForEach(Marshal.FreeHGlobal);
            return found;
        }

        private string HeldMessage()
        {
            FieldInfo field = typeof(FrameIntake).GetField("received", BindingFlags.Instance | BindingFlags.NonPublic)
                ?? throw new MissingFieldException("FrameIntake.received is gone: this test must follow the production code");
            return Encoding.UTF8.GetString(((ToPlugin)field.GetValue(Plugin.Intake)!).ToByteArray());
        }
    }
}
