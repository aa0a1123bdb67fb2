using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace TimChatBridge.Testing
{
    /// <summary>
    /// The production plugin on the production CoreLibrary, with a door between them: it notes what the core returns and calls
    /// back, and can swap a call's arguments there, below every check of ours, so that the core gets what the bridge refuses.
    /// The clock that deadlines are kept by is the test's.
    /// </summary>
    public static class VendorCoreRows
    {
        private const string Library = "ImSDK";
        private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.NonPublic;

        private static readonly List<WatchedCall> Calls = new List<WatchedCall>();
        private static long nowMs;

        /// <summary>The plugin anew, with the door in it. Never from inside script.</summary>
        public static void Restart()
        {
            BridgeLoop.Shutdown();
            Calls.Clear();
            var library = DispatchProxy.Create<ICoreLibrary, WatchedCoreLibrary>();
            var options = new PluginOptions(library) { MonotonicMs = () => nowMs, Log = Console.Error.WriteLine };
            Member(typeof(BridgeLoop).GetField("current", Hidden), "BridgeLoop.current").SetValue(null, new Plugin(options));
            BridgeLoop.Initialize();
            MessageLog.Start();
        }

        /// <summary>Moves the clock on, in milliseconds.</summary>
        public static void AdvanceClock(int milliseconds) => nowMs += milliseconds;

        /// <summary>TIMGetSDKVersion.</summary>
        public static string SdkVersion() => Marshal.PtrToStringUTF8(TIMGetSDKVersion()) ?? string.Empty;

        /// <summary>TIMGetLoginStatus: 1 signed in, 2 signing in, 3 signed out, 4 signing out.</summary>
        public static int LoginStatus() => TIMGetLoginStatus();

        /// <summary>The next TIMConvDelete gets this instead of what was asked for.</summary>
        public static void SwapConvDelete(string convId, int convType) =>
            Swap((production, args) => production.ConvDelete(Encoding.UTF8.GetBytes(convId), convType, (ICoreReply)args[2]!));

        /// <summary>The next TIMConvDelete gets NULL for its conv_id.</summary>
        public static void SwapConvIdForNull() =>
            Swap((production, args) => production.ConvDelete(null!, (int)args[1]!, (ICoreReply)args[2]!));

        /// <summary>The next TIMConvDelete gets NULL for its callback.</summary>
        public static void SwapCallbackForNull() =>
            Swap((production, args) =>
            {
                var id = new NativeText((byte[])args[0]!);
                try
                {
                    return NativeMethods.TIMConvDelete(id.Memory, (int)args[1]!, null!, IntPtr.Zero);
                }
                finally
                {
                    id.Free();
                }
            });

        /// <summary>The next TIMConvDeleteConversationList gets this text for its json_id_array.</summary>
        public static void SwapIdArray(string json) => SwapIdArrayFor(Encoding.UTF8.GetBytes(json));

        /// <summary>The next TIMConvDeleteConversationList gets NULL for its json_id_array.</summary>
        public static void SwapIdArrayForNull() => SwapIdArrayFor(null);

        /// <summary>
        /// The next Init, Login, ConvDelete or ConvDeleteConversationList gets its texts on pages of their own, which are closed as
        /// soon as the function has returned, and for good: a core that reads them later crashes the process.
        /// </summary>
        public static void SwapTextsForClosedPages() =>
            Swap((_, args) =>
            {
                switch (args.Length)
                {
                    case 2 when args[0] is ulong appId:
                        return new ClosedPages((config, none, token) => NativeMethods.TIMInit(appId, config)).CallWith((byte[])args[1]!);
                    case 3 when args[1] is byte[] userSig:
                        return Invoke(
                            (ICoreReply)args[2]!,
                            (byte[])args[0]!,
                            userSig,
                            new ClosedPages((user, sig, token) => NativeMethods.TIMLogin(user, sig, OnAnswer, token)));
                    case 3 when args[1] is int convType:
                        return InvokeOnClosedPages((ICoreReply)args[2]!, (byte[])args[0]!, convType);
                    default:
                        return InvokeOnClosedPages((ICoreReply)args[2]!, JsonText.Array((IReadOnlyList<byte[]>)args[0]!), null);
                }
            });

        /// <summary>The next TIMConvDelete gets this instead of what was asked for, on such pages.</summary>
        public static void SwapConvDeleteForClosedPages(string convId, int convType) =>
            Swap((_, args) => InvokeOnClosedPages((ICoreReply)args[2]!, Encoding.UTF8.GetBytes(convId), convType));

        /// <summary>The next TIMConvDeleteConversationList gets this text for its json_id_array, on such pages.</summary>
        public static void SwapIdArrayForClosedPages(string json) =>
            Swap((_, args) => InvokeOnClosedPages((ICoreReply)args[2]!, Encoding.UTF8.GetBytes(json), null));

        /// <summary>How many such pages have been closed.</summary>
        public static int PagesClosed() => ClosedPages.Count;

        /// <summary>How many calls have come to the door.</summary>
        public static int CallCount() => Calls.Count;

        /// <summary>
        /// A call, by its number from 0, and what came of it so far: JSON with method, returned, and callbacks, each with code, desc,
        /// json and where ("SDK thread", or "calling thread, before the return").
        /// </summary>
        public static string Call(int index) => Calls[index].ToJson();

        /// <summary>Callbacks that came for a call whose return had settled it.</summary>
        public static int AnswersDespiteRefusal() => BridgeLoop.Plugin.Diagnostics.AnswersDespiteRefusal;

        /// <summary>Callbacks that came for a call that had been answered.</summary>
        public static int DuplicateAnswers() => BridgeLoop.Plugin.Diagnostics.DuplicateAnswers;

        /// <summary>Calls that the core has not answered.</summary>
        public static int LiveTokens() => CoreLibrary.LiveTokens;

        /// <summary>Input texts that the core may still read.</summary>
        public static int LiveBuffers() => CoreLibrary.LiveBuffers;

        // CoreLibrary's own, which knows its tokens.
        internal static TIMCommCallback OnAnswer =>
            (TIMCommCallback)Member(typeof(CoreLibrary).GetField("OnAnswer", Hidden), "CoreLibrary.OnAnswer").GetValue(null)!;

        internal static void Watch(WatchedCall call) => Calls.Add(call);

        private static void Swap(Func<ICoreLibrary, object?[], int> call) => WatchedCoreLibrary.Swapped = call;

        // CoreLibrary writes the array itself, from ids that have been checked: a text that is no such array goes in beside it,
        // with CoreLibrary's own token, buffers and callback.
        private static void SwapIdArrayFor(byte[]? json) =>
            Swap((_, args) => Invoke((ICoreReply)args[2]!, json, null, new RawList()));

        // A single delete with its type, or a batch.
        private static int InvokeOnClosedPages(ICoreReply reply, byte[] text, int? convType) =>
            Invoke(
                reply,
                text,
                null,
                new ClosedPages((one, none, token) =>
                    convType != null
                        ? NativeMethods.TIMConvDelete(one, convType.Value, OnAnswer, token)
                        : NativeMethods.TIMConvDeleteConversationList(one, true, OnAnswer, token)));

        private static int Invoke(ICoreReply reply, byte[]? first, byte[]? second, RawCall function)
        {
            MethodInfo invoke = Member(typeof(CoreLibrary).GetMethod("Invoke", Hidden), "CoreLibrary.Invoke");
            Type call = invoke.GetParameters()[3].ParameterType;
            return (int)invoke.Invoke(null, new object?[] { reply, first, second, Delegate.CreateDelegate(call, function, "Call") })!;
        }

        private static T Member<T>(T? member, string name)
            where T : MemberInfo =>
            member ?? throw new MissingMemberException(name + " is gone: VendorCoreRows must follow the production code");

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr TIMGetSDKVersion();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMGetLoginStatus();
    }

    // A call of the native function with the texts and the token that CoreLibrary made.
    internal abstract class RawCall
    {
        public abstract int Call(IntPtr first, IntPtr second, IntPtr token);
    }

    internal sealed class RawList : RawCall
    {
        public override int Call(IntPtr first, IntPtr second, IntPtr token) =>
            NativeMethods.TIMConvDeleteConversationList(first, true, VendorCoreRows.OnAnswer, token);
    }

    internal sealed class ClosedPages : RawCall
    {
        private const int PageBytes = 65536;
        private const int ReadWrite = 3;
        private const int PrivateAnonymous = 0x22;

        private readonly Func<IntPtr, IntPtr, IntPtr, int> function;

        internal ClosedPages(Func<IntPtr, IntPtr, IntPtr, int> function) => this.function = function;

        internal static int Count { get; private set; }

        public override int Call(IntPtr first, IntPtr second, IntPtr token)
        {
            IntPtr one = Open(first);
            IntPtr other = Open(second);
            int returned = function(one, other, token);
            Close(one);
            Close(other);
            return returned;
        }

        // For a function without a callback.
        internal int CallWith(byte[] utf8)
        {
            var text = new NativeText(utf8);
            try
            {
                return Call(text.Memory, IntPtr.Zero, IntPtr.Zero);
            }
            finally
            {
                text.Free();
            }
        }

        private static IntPtr Open(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return IntPtr.Zero;
            }

            byte[] bytes = NativeText.Copy(text);
            IntPtr page = mmap(IntPtr.Zero, (UIntPtr)PageBytes, ReadWrite, PrivateAnonymous, -1, IntPtr.Zero);
            if (page == (IntPtr)(-1) || bytes.Length >= PageBytes)
            {
                throw new InvalidOperationException("no page for a text of " + bytes.Length + " bytes");
            }

            // Fresh pages are zero: the text ends in a NUL.
            Marshal.Copy(bytes, 0, page, bytes.Length);
            return page;
        }

        // Closed and kept: nothing else can come to lie there.
        private static void Close(IntPtr page)
        {
            if (page == IntPtr.Zero)
            {
                return;
            }

            if (mprotect(page, (UIntPtr)PageBytes, 0) != 0)
            {
                throw new InvalidOperationException("a page could not be closed");
            }

            Count++;
        }

        [DllImport("libc")]
        private static extern IntPtr mmap(IntPtr address, UIntPtr length, int protection, int flags, int file, IntPtr offset);

        [DllImport("libc")]
        private static extern int mprotect(IntPtr address, UIntPtr length, int protection);
    }

    // One call at the door. Its callbacks come on any thread.
    internal sealed class WatchedCall : ICoreReply
    {
        private readonly object gate = new object();
        private readonly List<object> callbacks = new List<object>();
        private readonly int callingThread = Environment.CurrentManagedThreadId;
        private readonly string method;
        private readonly ICoreReply? reply;
        private int? returned;

        internal WatchedCall(string method, ICoreReply? reply)
        {
            this.method = method;
            this.reply = reply;
        }

        public void Answer(int code, byte[] desc, byte[] json)
        {
            lock (gate)
            {
                callbacks.Add(new
                {
                    code,
                    desc = Encoding.UTF8.GetString(desc),
                    json = Encoding.UTF8.GetString(json),
                    where = Environment.CurrentManagedThreadId != callingThread ? "SDK thread"
                        : returned == null ? "calling thread, before the return" : "calling thread, after the return",
                });
            }

            reply?.Answer(code, desc, json);
        }

        internal void Returned(int result)
        {
            lock (gate)
            {
                returned = result;
            }
        }

        internal string ToJson()
        {
            lock (gate)
            {
                return JsonSerializer.Serialize(new { method, returned, callbacks });
            }
        }
    }

    // A proxy, so that a function added to ICoreLibrary passes through it too.
    internal class WatchedCoreLibrary : DispatchProxy
    {
        private readonly ICoreLibrary production = new CoreLibrary();

        internal static Func<ICoreLibrary, object?[], int>? Swapped { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            MethodInfo method = targetMethod!;
            object?[] given = args ?? Array.Empty<object?>();
            if (method.ReturnType != typeof(int))
            {
                return Pass(method, given);
            }

            int replyAt = Array.FindIndex(given, argument => argument is ICoreReply);
            var call = new WatchedCall(method.Name, replyAt < 0 ? null : (ICoreReply)given[replyAt]!);
            if (replyAt >= 0)
            {
                given[replyAt] = call;
            }

            VendorCoreRows.Watch(call);
            var swapped = Swapped;
            Swapped = null;
            int returned = swapped != null ? swapped(production, given) : (int)Pass(method, given)!;
            call.Returned(returned);
            return returned;
        }

        private object? Pass(MethodInfo method, object?[] args)
        {
            try
            {
                return method.Invoke(production, args);
            }
            catch (TargetInvocationException thrown) when (thrown.InnerException != null)
            {
                throw thrown.InnerException;
            }
        }
    }
}
