using System;
using TimChatBridge;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// What a game's own code does that initialises the core and signs users in, so that the bridge's script can join: it makes
    /// each Init, Login, Logout and Uninit of the vendor's SDK as a change that the bridge knows of, and hands on what it hears.
    /// </summary>
    /// <example>
    /// With <c>using TIMResult = com.tencent.imsdk.unity.enums.TIMResult;</c>, because both packages have one, as they have TIMConvType
    /// and TIMNetworkStatus:
    /// <code>
    /// AttachedSession.Change(change =>
    /// {
    ///     bool accepted = TencentIMSDK.Init(sdkAppId, config) == TIMResult.TIM_SUCC;
    ///     AttachedSession.OnInitialised();
    ///     change.Done();
    ///     return accepted;
    /// });
    ///
    /// AttachedSession.Change(change =>
    ///     TencentIMSDK.Login(userId, userSig, (code, desc, userData) => change.Done()) == TIMResult.TIM_SUCC);
    ///
    /// AttachedSession.Change(change =>
    ///     TencentIMSDK.Logout((code, desc, userData) => change.Done()) == TIMResult.TIM_SUCC);
    ///
    /// AttachedSession.Change(change =>
    /// {
    ///     bool accepted = TencentIMSDK.Uninit() == TIMResult.TIM_SUCC;
    ///     change.Done(coreLetGo: accepted);
    ///     return accepted;
    /// });
    /// </code>
    /// </example>
    public static class AttachedSession
    {
        /// <summary>
        /// Makes one Init, Login, Logout or Uninit of the vendor's. Until it is done, for 30 seconds at most, nothing is
        /// deleted: whose it would be is not certain.
        /// </summary>
        /// <param name="call">
        /// Makes the call, and says whether it returned TIM_SUCC. It has the change's Done called first thing in the callback, or
        /// right after a call that has none.
        /// </param>
        public static void Change(Func<UserChange, bool> call)
        {
            UserChange change = CoreSession.BeginUserChange();
            bool accepted = false;
            try
            {
                accepted = call(change);
            }
            finally
            {
                if (!accepted)
                {
                    // No callback comes.
                    change.Done();
                }
            }
        }

        /// <summary>
        /// Right after each Init, and for the first one before the script environment is made. On the vendor's 8.x wrapper, with
        /// TIM_CHATBRIDGE_TENCENT_WRAPPER among the scripting define symbols, the bridge listens to the wrapper by itself.
        /// </summary>
        public static void OnInitialised()
        {
#if TIM_CHATBRIDGE_TENCENT_WRAPPER
            TencentWrapper.Listen();
#else
            // The event slots stay this code's own: it hands on what it hears, below.
            CoreSession.TakesEventSlot = false;
#endif
        }

        /// <summary>From the callback that this code gave to TIMSetConvEventCallback, on whatever thread.</summary>
        public static void OnConvEvent(int convEvent, string jsonConvArray) => CoreSession.ForwardConvEvent(convEvent, jsonConvArray);

        /// <summary>From the callback that this code gave to TIMSetNetworkStatusListenerCallback, on whatever thread.</summary>
        public static void OnNetworkStatus(int status, int code, string desc) => CoreSession.ForwardNetworkStatus(status, code, desc);

        /// <summary>From the callback that this code gave to TIMSetKickedOfflineCallback, on whatever thread.</summary>
        public static void OnKickedOffline() => CoreSession.NotifySession(SessionChangeKind.KickedOffline);

        /// <summary>From the callback that this code gave to TIMSetUserSigExpiredCallback, on whatever thread.</summary>
        public static void OnUserSigExpired() => CoreSession.NotifySession(SessionChangeKind.UserSigExpired);

        /// <summary>C# deletes in the joined session as in any other, once script has connected.</summary>
        public static void Forget(string userId, Action<string> log)
        {
            TIMResult result = Conversations.ConvDelete(
                userId, TIMConvType.kTIMConv_C2C, (code, desc, userData) => log(code == 0 ? $"{userId} is gone" : $"{userId}: {code} {desc}"));
            if (result != TIMResult.TIM_SUCC)
            {
                log($"refused: {Conversations.LastError}");
            }
        }
    }
}
