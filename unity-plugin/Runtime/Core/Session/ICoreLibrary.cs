using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // Where a call's answer goes. Any thread, also before the call has returned.
    internal interface ICoreReply
    {
        // Takes the arrays over; both may be empty.
        void Answer(int code, byte[] desc, byte[] json);
    }

    // Where what the core reports of its own accord goes. Any thread.
    internal interface ICoreEvents
    {
        void ConversationEvent(int type, byte[] json);

        void NetworkStatus(int status, int code, byte[] desc);

        void KickedOffline();

        void UserSigExpired();

        // A callback for a call that had been answered, or that never was.
        void StrayAnswer();

        // A callback for a call whose function had returned an error.
        void AnswerDespiteRefusal();

        // What the core reported could not be taken: there was no memory for it.
        void EventFailed();

        // The core lacks this function of the vendor's, by which it would have been given a slot.
        void SlotMissing(string function);
    }

    // The core was called and did not return: nobody knows what it has done, and it may still answer. Whatever else a call of
    // it throws was thrown before.
    internal sealed class CallBrokeOffException : Exception
    {
        internal CallBrokeOffException(Exception inner)
            : base($"the call of the core broke off: {inner.GetType().Name}: {inner.Message}", inner)
        {
        }
    }

    // The native core's functions, with managed arguments. Each returns what the C function returned. They throw
    // DllNotFoundException or EntryPointNotFoundException where library or function is missing,
    // PlatformNotSupportedException where there is no native core at all, and CallBrokeOffException.
    internal interface ICoreLibrary
    {
        // False: this platform has none, and every function of the core's throws. True does not say that the library can be loaded.
        bool IsForThisPlatform { get; }

        // Gives the core's event slots to `events`; null gives them back, where they were taken. `takeSlots` false leaves them to
        // their owner.
        void Listen(ICoreEvents? events, bool takeSlots);

        int Init(ulong sdkAppId, byte[] jsonSdkConfig);

        int Uninit();

        // The game's other code has called Uninit, and it returned 0. Any thread.
        void CoreWasLetGoOf();

        int Login(byte[] userId, byte[] userSig, ICoreReply reply);

        int Logout(ICoreReply reply);

        int GetLoginStatus();

        // UTF-8, as the core gives it.
        byte[] GetSdkVersion();

        int ConvDelete(byte[] convId, int convType, ICoreReply reply);

        int ConvDeleteConversationList(IReadOnlyList<byte[]> convIds, bool clearMessage, ICoreReply reply);

        int ConvGetConvList(ICoreReply reply);
    }
}
