using System;
using TimChatBridge;

namespace TimChatBridge.Samples
{
    /// <summary>
    /// What a game's own code does that initialises the core and signs users in, so that the bridge's script can join: it tells
    /// the bridge of each Init, Login, Logout and Uninit of the vendor's SDK twice, before it and when it is done.
    /// </summary>
    /// <example><code>
    /// AttachedSession.OnSessionChanging();
    /// TencentIMSDK.Init(sdkAppId, config);
    /// AttachedSession.OnInitialised();
    ///
    /// AttachedSession.OnSessionChanging();
    /// TencentIMSDK.Login(userId, userSig, (code, desc, userData) => AttachedSession.OnSessionChanged());
    /// // Where that did not return TIM_SUCC, no callback comes: AttachedSession.OnSessionChanged() at once.
    ///
    /// AttachedSession.OnSessionChanging();
    /// TencentIMSDK.Logout((code, desc, userData) => AttachedSession.OnSessionChanged());
    ///
    /// AttachedSession.OnSessionChanging();
    /// TencentIMSDK.Uninit();
    /// AttachedSession.OnSessionChanged();
    /// </code></example>
    public static class AttachedSession
    {
        private static volatile bool gameAllows = true;
        private static volatile bool changing;

        /// <summary>
        /// The game's own veto, in place of <see cref="Conversations.DeletionsAllowed"/>, which is this class's: false refuses every deletion.
        /// </summary>
        public static bool GameAllowsDeletions
        {
            get => gameAllows;
            set
            {
                gameAllows = value;
                Allow();
            }
        }

        /// <summary>
        /// Right before each Init, Login, Logout and Uninit of the vendor's: what the user before asked for must not run as the next.
        /// </summary>
        public static void OnSessionChanging()
        {
            // Until it is done, nobody can tell whose a deletion would be.
            changing = true;
            Allow();
            CoreSession.NotifySession();
        }

        /// <summary>
        /// First thing in the callback of that Login or Logout, whatever its code; right after it where it did not return TIM_SUCC, so that no
        /// callback comes; and right after Uninit, which has none and may always be called. Make the next of these calls after that: what the core
        /// reported since <see cref="OnSessionChanging"/> may be of either user, so script lists anew.
        /// </summary>
        public static void OnSessionChanged()
        {
            CoreSession.NotifySession();
            changing = false;
            Allow();
        }

        /// <summary>
        /// The same right after each Init; for the first one before the script environment is made. On the vendor's 8.x wrapper, with
        /// TIM_CHATBRIDGE_TENCENT_WRAPPER among the scripting define symbols, the one call of TencentWrapper does all of it.
        /// </summary>
        public static void OnInitialised()
        {
#if TIM_CHATBRIDGE_TENCENT_WRAPPER
            TencentWrapper.Listen();
            changing = false;
            Allow();
#else
            // The event slots stay this code's own: it hands on what it hears, below.
            CoreSession.TakesEventSlot = false;
            OnSessionChanged();
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

        private static void Allow() => Conversations.DeletionsAllowed = gameAllows && !changing;
    }
}
