#if !UNITY_WEBGL || UNITY_EDITOR
using System;
using System.Collections.Generic;
using System.Threading;

namespace TimChatBridge
{
    // libImSDK by P/Invoke. Callbacks are static, their delegates live as long as the process, and what they belong to
    // travels as an integer: nothing that the garbage collector moves or takes is ever in the core's hands.
    internal sealed class CoreLibrary : ICoreLibrary
    {
        private static readonly TIMCommCallback OnAnswer = Answered;
        private static readonly TIMConvEventCallback OnConvEvent = ConvEvent;
        private static readonly TIMSessionCallback OnKickedOffline = KickedOffline;
        private static readonly TIMSessionCallback OnUserSigExpired = UserSigExpired;
        private static readonly TIMNetworkStatusListenerCallback OnNetworkStatus = NetworkStatus;

        private static TokenTable tokens = new TokenTable(1);
        private static volatile ICoreEvents? listener;
        private static int inCallback;

        internal delegate int Call(IntPtr first, IntPtr second, IntPtr token);

        public bool IsForThisPlatform => true;

        // Texts that the core may still read.
        internal static int LiveBuffers => (int)(NativeText.Allocated - NativeText.Freed);

        // Calls that the core has not answered.
        internal static int LiveTokens => tokens.Count;

        // Calls that the core has not answered, and callbacks that have not returned to it.
        internal static int Owed => tokens.Count + Volatile.Read(ref inCallback);

        // What is owed when it has all come, or the time is over.
        internal static int AwaitAnswers(int milliseconds)
        {
            SpinWait.SpinUntil(() => Owed == 0, milliseconds);
            return Owed;
        }

        // For tests of the wrap. No call may be under way.
        internal static void StartTokensAt(int first) => tokens = new TokenTable(first);

        public void Listen(ICoreEvents? events, bool takeSlots) =>
            Hear(events, () =>
            {
                if (takeSlots)
                {
                    NativeMethods.TIMSetConvEventCallback(events == null ? null : OnConvEvent, IntPtr.Zero);
                    SetSessionCallbacks(events);
                }
            });

        public int Init(ulong sdkAppId, byte[] jsonSdkConfig)
        {
            // TIMInit has no callback: it has read its text when it returns.
            var config = new NativeText(jsonSdkConfig);
            try
            {
                return Enter(() => NativeMethods.TIMInit(sdkAppId, config.Memory));
            }
            finally
            {
                config.Free();
            }
        }

        public int Uninit()
        {
            int returned = Enter(NativeMethods.TIMUninit);
            if (returned == 0)
            {
                CoreWasLetGoOf();
            }

            return returned;
        }

        // What it has not answered by now it never reads again.
        public void CoreWasLetGoOf()
        {
            foreach (NativeCall call in tokens.TakeOutReturned())
            {
                Free(call);
            }
        }

        public int Login(byte[] userId, byte[] userSig, ICoreReply reply) =>
            Invoke(reply, userId, userSig, (user, sig, token) => NativeMethods.TIMLogin(user, sig, OnAnswer, token));

        public int Logout(ICoreReply reply) =>
            Invoke(reply, null, null, (none, nor, token) => NativeMethods.TIMLogout(OnAnswer, token));

        public int GetLoginStatus() => Enter(NativeMethods.TIMGetLoginStatus);

        public byte[] GetSdkVersion() => NativeText.Copy(Enter(NativeMethods.TIMGetSDKVersion));

        public int ConvDelete(byte[] convId, int convType, ICoreReply reply) =>
            Invoke(reply, convId, null, (id, none, token) => NativeMethods.TIMConvDelete(id, convType, OnAnswer, token));

        public int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply) =>
            Invoke(
                reply,
                JsonText.Array(convIds),
                null,
                (ids, none, token) => NativeMethods.TIMConvDeleteConversationList(ids, clearMessage, OnAnswer, token));

        public int ConvGetConvList(ICoreReply reply) =>
            Invoke(reply, null, null, (none, nor, token) => NativeMethods.TIMConvGetConvList(OnAnswer, token));

        // Where the slots cannot be taken, nobody hears: whoever asked believes so, and would never say that it is gone.
        internal static void Hear(ICoreEvents? events, Action setSlots)
        {
            ICoreEvents? heardBy = null;
            if (events != null)
            {
                listener = events;
            }

            try
            {
                setSlots();
                heardBy = events;
            }
            finally
            {
                listener = heardBy;
            }
        }

        internal static int Invoke(ICoreReply reply, byte[]? firstText, byte[]? secondText, Call function)
        {
            NativeCall call = Register(reply, firstText, secondText, out int token);
            bool accepted = false;
            try
            {
                int returned = Enter(() => function(call.First.Memory, call.Second.Memory, (IntPtr)token));
                accepted = returned == 0;
                return returned;
            }
            catch (CallBrokeOffException)
            {
                // As one that was accepted: it may read its input still, and answer.
                accepted = true;
                throw;
            }
            finally
            {
                if (tokens.Return(token, call, accepted))
                {
                    Free(call);
                }
            }
        }

        private static NativeCall Register(ICoreReply reply, byte[]? firstText, byte[]? secondText, out int token)
        {
            NativeText first = default;
            NativeText second = default;
            try
            {
                first = new NativeText(firstText);
                second = new NativeText(secondText);
                var call = new NativeCall(reply, first, second);
                token = tokens.Add(call);
                return call;
            }
            catch (Exception)
            {
                first.Free();
                second.Free();
                throw;
            }
        }

        private static T Enter<T>(Func<T> function)
        {
            try
            {
                return function();
            }
            catch (Exception thrown) when (!IsWithoutACall(thrown))
            {
                throw new CallBrokeOffException(thrown);
            }
        }

        // The runtime's words for that there is nothing to call.
        private static bool IsWithoutACall(Exception thrown) =>
            thrown is DllNotFoundException || thrown is EntryPointNotFoundException || thrown is BadImageFormatException
            || thrown is PlatformNotSupportedException;

        private static void SetSessionCallbacks(ICoreEvents? events)
        {
            bool take = events != null;
            SetIfThere(
                events,
                nameof(NativeMethods.TIMSetKickedOfflineCallback),
                () => NativeMethods.TIMSetKickedOfflineCallback(take ? OnKickedOffline : null, IntPtr.Zero));
            SetIfThere(
                events,
                nameof(NativeMethods.TIMSetUserSigExpiredCallback),
                () => NativeMethods.TIMSetUserSigExpiredCallback(take ? OnUserSigExpired : null, IntPtr.Zero));
            SetIfThere(
                events,
                nameof(NativeMethods.TIMSetNetworkStatusListenerCallback),
                () => NativeMethods.TIMSetNetworkStatusListenerCallback(take ? OnNetworkStatus : null, IntPtr.Zero));
        }

        // Calls work without it, and so do the other slots.
        private static void SetIfThere(ICoreEvents? events, string function, Action set)
        {
            try
            {
                set();
            }
            catch (EntryPointNotFoundException)
            {
                events?.SlotMissing(function);
            }
        }

        private static void CountUncalledFor(int token)
        {
            if (tokens.TakeRefused(token))
            {
                listener?.AnswerDespiteRefusal();
            }
            else
            {
                listener?.StrayAnswer();
            }
        }

        private static void Free(NativeCall call)
        {
            call.First.Free();
            call.Second.Free();
        }

        // There was no memory for the texts: the code alone still settles the call. Nor for that: its deadline does.
        private static void AnswerWithoutTexts(NativeCall? call, int code)
        {
            try
            {
                call?.Reply.Answer(code, Array.Empty<byte>(), Array.Empty<byte>());
            }
            catch (Exception)
            {
                listener?.EventFailed();
            }
        }

        // Whatever goes wrong in a callback, nothing is thrown into native code.
        [MonoPInvokeCallback(typeof(TIMCommCallback))]
        internal static void Answered(int code, IntPtr desc, IntPtr jsonParams, IntPtr userData)
        {
            NativeCall? call = null;
            Interlocked.Increment(ref inCallback);
            try
            {
                int token = (int)(long)userData;
                call = tokens.Answer(token, out bool free);
                if (call == null)
                {
                    CountUncalledFor(token);
                    return;
                }

                if (free)
                {
                    Free(call);
                }

                call.Reply.Answer(code, NativeText.Copy(desc), NativeText.Copy(jsonParams));
            }
            catch (Exception)
            {
                AnswerWithoutTexts(call, code);
            }
            finally
            {
                Interlocked.Decrement(ref inCallback);
            }
        }

        [MonoPInvokeCallback(typeof(TIMConvEventCallback))]
        private static void ConvEvent(int convEvent, IntPtr jsonConvArray, IntPtr userData)
        {
            Interlocked.Increment(ref inCallback);
            try
            {
                listener?.ConversationEvent(convEvent, NativeText.Copy(jsonConvArray));
            }
            catch (Exception)
            {
                listener?.EventFailed();
            }
            finally
            {
                Interlocked.Decrement(ref inCallback);
            }
        }

        [MonoPInvokeCallback(typeof(TIMNetworkStatusListenerCallback))]
        private static void NetworkStatus(int status, int code, IntPtr desc, IntPtr userData)
        {
            Interlocked.Increment(ref inCallback);
            try
            {
                listener?.NetworkStatus(status, code, NativeText.Copy(desc));
            }
            catch (Exception)
            {
                listener?.EventFailed();
            }
            finally
            {
                Interlocked.Decrement(ref inCallback);
            }
        }

        [MonoPInvokeCallback(typeof(TIMSessionCallback))]
        private static void KickedOffline(IntPtr userData)
        {
            Interlocked.Increment(ref inCallback);
            try
            {
                listener?.KickedOffline();
            }
            catch (Exception)
            {
                listener?.EventFailed();
            }
            finally
            {
                Interlocked.Decrement(ref inCallback);
            }
        }

        [MonoPInvokeCallback(typeof(TIMSessionCallback))]
        private static void UserSigExpired(IntPtr userData)
        {
            Interlocked.Increment(ref inCallback);
            try
            {
                listener?.UserSigExpired();
            }
            catch (Exception)
            {
                listener?.EventFailed();
            }
            finally
            {
                Interlocked.Decrement(ref inCallback);
            }
        }
    }
}
#endif
