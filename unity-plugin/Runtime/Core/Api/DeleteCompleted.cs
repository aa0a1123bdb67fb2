using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// A deletion has ended, whoever asked for it. Comes once for each that was accepted, and never for one that was refused at
    /// the call.
    /// </summary>
    public sealed class DeleteCompleted
    {
        internal DeleteCompleted(int requestId, IReadOnlyList<DeleteResult> results, int code, string desc)
        {
            RequestId = requestId;
            Results = results;
            Code = code;
            Desc = desc;
        }

        /// <summary>The bridge's number for a deletion that C# asked for; 0: script asked for it.</summary>
        public int RequestId { get; }

        /// <summary>One entry for each conversation that was asked for, in that order.</summary>
        public IReadOnlyList<DeleteResult> Results { get; }

        /// <summary>The code that the call's callback gets; 0 is success.</summary>
        public int Code { get; }

        /// <summary>The words that the call's callback gets.</summary>
        public string Desc { get; }
    }
}
