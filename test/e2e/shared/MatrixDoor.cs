using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace TimChatBridge.Testing
{
    /// <summary>
    /// C#'s part of the fault matrix: the production plugin on the production CoreLibrary with a clock that the test moves, a
    /// game whose callbacks misbehave when asked to, and what the plugin holds.
    /// </summary>
    public static class MatrixDoor
    {
        private const BindingFlags Hidden = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic;
        private const byte Poison = 0xDD;

        // Kept as long as the process: the core may call it late.
        private static readonly TIMCommCallback IgnoreAnswer = Ignore;
        private static readonly List<string> Escapes = new List<string>();
        private static readonly List<string> Said = new List<string>();
        private static long nowMs;
        private static Action? inside;
        private static ScriptSession? seen;
        private static bool hooked;
        private static (int Calls, int Abandoned, int Requests, int Events) limits;

        /// <summary>A fresh game on a fresh plugin. Never from inside script.</summary>
        public static void Restart()
        {
            Hook();
            BridgeLoop.Shutdown();
            inside = null;
            seen = null;
            Begin();
            TestGame.TickBy(Tick);
            MessageLog.Start();
            CoreEventLog.Start();
            Conversations.ListenerFailed += thrown => MessageLog.Receive("ListenerFailed", Quote(thrown.Message));
        }

        /// <summary>One game frame. A game that shut the bridge down in it begins anew at once, and listens to nothing yet.</summary>
        public static void Tick()
        {
            Plugin playing = BridgeLoop.Plugin;
            BridgeLoop.Tick();
            if (playing.IsShutDown)
            {
                Begin();
            }
        }

        /// <summary>Moves the clock that deadlines are kept by, in milliseconds.</summary>
        public static void AdvanceClock(int milliseconds) => nowMs += milliseconds;

        /// <summary>Conversations.ConvDelete; its callback is received as the given name, and then does what it was told to.</summary>
        public static int ConvDelete(string id, int type, string name) =>
            (int)Conversations.ConvDelete(id, (TIMConvType)type, (code, desc, data) => Answered(name, code, desc));

        /// <summary>Conversations.ConvDeleteConversationList; ids such as c2c_x parted by line feeds.</summary>
        public static int ConvDeleteList(string ids, bool clearMessage, string name)
        {
            List<ConversationKey> keys = ids.Split('\n').Select(Parse).ToList();
            return (int)Conversations.ConvDeleteConversationList(
                keys, clearMessage, (code, desc, results, data) => Answered(name, code, desc));
        }

        /// <summary>The next callback in C# throws.</summary>
        public static void ThrowInside() => inside = () => throw new InvalidOperationException("a C# callback threw");

        /// <summary>The next callback in C# deletes this conversation, too.</summary>
        public static void DeleteInside(string id) => inside = () => ConvDelete(id, (int)TIMConvType.kTIMConv_C2C, "again");

        /// <summary>The next callback in C# shuts the bridge down.</summary>
        public static void ShutdownInside() => inside = BridgeLoop.Shutdown;

        /// <summary>
        /// In the next callback in C# the game's own code deletes this conversation, then signs the user out with the vendor's
        /// function and tells the bridge.
        /// </summary>
        public static void LogoutInside(string id) =>
            inside = () =>
            {
                ConvDelete(id, (int)TIMConvType.kTIMConv_C2C, "again");
                CoreSession.NotifySession();
                MessageLog.Receive("SignedOut", $"{NativeMethods.TIMLogout(IgnoreAnswer, IntPtr.Zero)}");
            };

        /// <summary>The next deletion event does in C# what a callback was told to do.</summary>
        public static void ListenForDeletions() => Conversations.Deleted += _ => DoInside();

        /// <summary>The same of the next change of the session.</summary>
        public static void ListenForSession() => CoreSession.Changed += _ => DoInside();

        /// <summary>The same of the next change of the connection.</summary>
        public static void ListenForConnection() => CoreSession.ConnectionChanged += _ => DoInside();

        /// <summary>The limits of the plugins to come; 0: the plugin's own.</summary>
        public static void SetLimits(int pendingCalls, int abandonedCalls, int pendingRequests, int waitingEvents) =>
            limits = (pendingCalls, abandonedCalls, pendingRequests, waitingEvents);

        /// <summary>Frames that wait for script.</summary>
        public static int Waiting() => BridgeLoop.Plugin.Current?.Waiting ?? 0;

        /// <summary>What the game asked of the callback has been done.</summary>
        public static bool InsideDone() => inside == null;

        /// <summary>Overwrites every input text that the core has been given and that has not been freed; how many.</summary>
        public static int PoisonInputs()
        {
            object tokens = Member(typeof(CoreLibrary).GetField("tokens", Hidden), "CoreLibrary.tokens").GetValue(null)!;
            object calls = Member(typeof(TokenTable).GetField("calls", Hidden), "TokenTable.calls").GetValue(tokens)!;
            int poisoned = 0;
            foreach (NativeCall call in ((Dictionary<int, NativeCall>)calls).Values)
            {
                poisoned += Overwrite(call.First.Memory) + Overwrite(call.Second.Memory);
            }

            return poisoned;
        }

        /// <summary>
        /// What is held now, as JSON: tokens and input texts of the core's calls, calls and C# requests under way in the plugin, and
        /// script functions that C# would still call.
        /// </summary>
        public static string Held()
        {
            seen = BridgeLoop.Plugin.Current ?? seen;
            return JsonSerializer.Serialize(
                new
                {
                    tokens = CoreLibrary.LiveTokens,
                    buffers = CoreLibrary.LiveBuffers,
                    sessionPending = seen?.Pending.Count ?? 0,
                    underWay = seen?.Pending.UnderWay ?? 0,
                    requests = Requests(),
                    wakes = seen?.Wake == null ? 0 : 1,
                });
        }

        /// <summary>The plugin's counters of answers that nobody was told of, as JSON.</summary>
        public static string Untold()
        {
            Diagnostics counted = BridgeLoop.Plugin.Diagnostics;
            return JsonSerializer.Serialize(
                new
                {
                    duplicate = counted.DuplicateAnswers,
                    despiteRefusal = counted.AnswersDespiteRefusal,
                    dropped = counted.AnswersDropped,
                    listenersFailed = counted.ListenersFailed,
                    unknownCompletions = counted.UnknownCompletions,
                });
        }

        /// <summary>
        /// Exceptions that nobody caught, on whatever thread, since the last call; and those that anybody threw on a thread of the
        /// core's: there is no callback in which one is in order, even caught.
        /// </summary>
        public static string TakeEscaped()
        {
            // A task's unobserved exception shows when its task is collected.
            GC.Collect(0);
            lock (Escapes)
            {
                string taken = string.Join("\n", Escapes);
                Escapes.Clear();
                return taken;
            }
        }

        /// <summary>The same at the run's end, after a full collection.</summary>
        public static string TakeEscapedAtLast()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return TakeEscaped();
        }

        /// <summary>What the plugin has said since this game began, in its log, a line each.</summary>
        public static string Logged() => string.Join("\n", Said);

        /// <summary>Whether the core that the plugin loads has this function of the vendor's.</summary>
        public static bool CoreHas(string function)
        {
            try
            {
                Marshal.Prelink(Member(typeof(NativeMethods).GetMethod(function, Hidden), function));
                return true;
            }
            catch (EntryPointNotFoundException)
            {
                return false;
            }
        }

        private static void Begin()
        {
            Said.Clear();
            var options = new PluginOptions(new CoreLibrary()) { MonotonicMs = () => nowMs, Log = Said.Add };
            options.MaxPendingCalls = Or(limits.Calls, options.MaxPendingCalls);
            options.MaxAbandonedCalls = Or(limits.Abandoned, options.MaxAbandonedCalls);
            options.MaxPendingRequests = Or(limits.Requests, options.MaxPendingRequests);
            options.MaxWaitingEvents = Or(limits.Events, options.MaxWaitingEvents);
            Member(typeof(BridgeLoop).GetField("current", Hidden), "BridgeLoop.current").SetValue(null, new Plugin(options));
            BridgeLoop.Initialize();
        }

        private static int Or(int limit, int own) => limit > 0 ? limit : own;

        private static void Hook()
        {
            if (hooked)
            {
                return;
            }

            hooked = true;
            int mainThread = Environment.CurrentManagedThreadId;
            AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
            {
                // The process ends here: only what is written now is ever seen.
                Console.Error.WriteLine("UNHANDLED: " + unhandled.ExceptionObject);
                Escaped(unhandled.ExceptionObject);
            };
            TaskScheduler.UnobservedTaskException += (_, unobserved) => Escaped(unobserved.Exception);
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
            {
                // .NET's own threads are of its pool or have a name; the core's come from outside.
                if (Environment.CurrentManagedThreadId != mainThread && !Thread.CurrentThread.IsThreadPoolThread
                    && Thread.CurrentThread.Name == null)
                {
                    Escaped("on a thread of the core's: " + thrown.Exception.GetType() + ": " + thrown.Exception.Message);
                }
            };
        }

        private static void Escaped(object what)
        {
            lock (Escapes)
            {
                Escapes.Add(what.ToString() ?? string.Empty);
            }
        }

        private static void Answered(string name, int code, string desc)
        {
            MessageLog.Receive("Callback", $"{{\"name\":{Quote(name)},\"code\":{code},\"desc\":{Quote(desc)}}}");
            DoInside();
        }

        private static void DoInside()
        {
            Action? now = inside;
            inside = null;
            now?.Invoke();
        }

        private static int Requests()
        {
            RequestDesk desk = BridgeLoop.Plugin.Requests;
            var ledger = (Ledger)Member(typeof(RequestDesk).GetField("ledger", Hidden), "RequestDesk.ledger").GetValue(desk)!;
            return ledger.Count;
        }

        private static int Overwrite(IntPtr text)
        {
            if (text == IntPtr.Zero)
            {
                return 0;
            }

            int poisoned = 0;
            int length = 0;
            for (; Marshal.ReadByte(text, length) != 0; length++)
            {
                Marshal.WriteByte(text, length, Poison);
                poisoned += Marshal.ReadByte(text, length) == Poison ? 1 : 0;
            }

            return length > 0 && poisoned == length ? 1 : 0;
        }

        private static void Ignore(int code, IntPtr desc, IntPtr json, IntPtr userData)
        {
        }

        private static ConversationKey Parse(string id) =>
            ConversationKey.TryParse(id, out var key) ? key : throw new ArgumentException("not a conversation: " + id);

        private static string Quote(string? text) => JsonSerializer.Serialize(text);

        private static T Member<T>(T? member, string name)
            where T : MemberInfo =>
            member ?? throw new MissingMemberException(name + " is gone: MatrixDoor must follow the production code");
    }
}
