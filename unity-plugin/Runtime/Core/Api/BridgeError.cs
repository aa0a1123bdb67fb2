namespace TimChatBridge
{
    /// <summary>What went wrong: who says so, with which code, and whether trying again can help.</summary>
    public sealed class BridgeError
    {
        internal BridgeError(ErrorSource source, int code, ErrorCategory category, bool retryable, string message)
        {
            Source = source;
            Code = code;
            Category = category;
            Retryable = retryable;
            Message = message;
        }

        internal BridgeError(ErrorSource source, int code, ErrorCategory category, string message)
            : this(source, code, category, IsRetryable(category), message)
        {
        }

        /// <summary>Who says so: the bridge, the core function's return value, or its callback.</summary>
        public ErrorSource Source { get; }

        /// <summary>
        /// The code as that source gave it: a TIMErrorCode from the callback, a <see cref="TIMResult"/> from the return value
        /// or the bridge.
        /// </summary>
        public int Code { get; }

        /// <summary>What kind of trouble it is.</summary>
        public ErrorCategory Category { get; }

        /// <summary>
        /// Whether the same call can succeed later: its category says so. Nothing is retried behind the caller's back. It says nothing
        /// about what the first call did: where a deletion's outcome is <see cref="Outcome.Unknown"/>, list first. What ended with a
        /// session or a user is never retryable: asked again it would run as whoever is signed in then.
        /// </summary>
        public bool Retryable { get; }

        /// <summary>What was wrong, where, and what to do.</summary>
        public string Message { get; }

        /// <summary>One line for a log.</summary>
        public override string ToString() => $"{Source} {Code} ({Category}): {Message}";

        // As retryableCategories in src/errors/bridge-error.ts.
        internal static bool IsRetryable(ErrorCategory category)
        {
            switch (category)
            {
                case ErrorCategory.NotInitialized:
                case ErrorCategory.NotLoggedIn:
                case ErrorCategory.Network:
                case ErrorCategory.Timeout:
                case ErrorCategory.Busy:
                case ErrorCategory.Storage:
                case ErrorCategory.Server:
                case ErrorCategory.Cancelled:
                    return true;
                default:
                    return false;
            }
        }
    }
}
