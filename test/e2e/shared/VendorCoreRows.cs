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

        /// <summary>How many calls have come to the door.</summary>
        public static int CallCount() => Calls.Count;

        /// <summary>
        /// A call, by its number from 0, and what came of it so far: JSON with method, returned, and callbacks, each with code, desc, json and
        /// where ("SDK thread", or "calling thread, before the return").
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

        internal static void Watch(WatchedCall call) => Calls.Add(call);

        private static void Swap(Func<ICoreLibrary, object?[], int> call) => WatchedCoreLibrary.Swapped = call;

        // CoreLibrary writes the array itself, from ids that have been checked: a text that is no such array goes in beside it,
        // with CoreLibrary's own token, buffers and callback.
        private static void SwapIdArrayFor(byte[]? json) =>
            Swap((_, args) =>
            {
                MethodInfo invoke = Member(typeof(CoreLibrary).GetMethod("Invoke", Hidden), "CoreLibrary.Invoke");
                Type call = invoke.GetParameters()[3].ParameterType;
                var function = Delegate.CreateDelegate(call, typeof(VendorCoreRows), nameof(DeleteList));
                return (int)invoke.Invoke(null, new object?[] { args[2], json, null, function })!;
            });

        private static int DeleteList(IntPtr json, IntPtr none, IntPtr token)
        {
            var onAnswer = (TIMCommCallback)Member(typeof(CoreLibrary).GetField("OnAnswer", Hidden), "CoreLibrary.OnAnswer").GetValue(null)!;
            return NativeMethods.TIMConvDeleteConversationList(json, true, onAnswer, token);
        }

        private static T Member<T>(T? member, string name)
            where T : MemberInfo =>
            member ?? throw new MissingMemberException(name + " is gone: VendorCoreRows must follow the production code");

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern IntPtr TIMGetSDKVersion();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        private static extern int TIMGetLoginStatus();
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
