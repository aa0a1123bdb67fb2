#if !UNITY_WEBGL || UNITY_EDITOR
using System;
using System.Collections.Generic;

namespace TimChatBridge
{
    // One call that the native core has, by the integer token that it was given as user_data.
    internal sealed class NativeCall
    {
        internal NativeCall(ICoreReply reply, NativeText first, NativeText second)
        {
            Reply = reply;
            First = first;
            Second = second;
        }

        internal ICoreReply Reply { get; }

        // The input texts.
        internal NativeText First { get; }

        internal NativeText Second { get; }

        internal bool Returned { get; set; }

        internal bool Answered { get; set; }
    }

    // The calls that the core has, of the whole process and across play modes: a late callback must still find its input to free
    // it. Any thread; nothing is done under the lock but look-ups.
    //
    // When input texts are freed is decided here. A call that the core took holds its own until its callback has come, after a
    // deadline, a logout or the script's end as well. Two things end that without one, else a core that never answers would keep
    // them for good:
    // - A return other than 0: the core has not taken the call. What calls back for it all the same has its token, and no text.
    // - Uninit that returned 0: the core has nothing left to do it with.
    // libImSDK 8.0 reads no text of either kind later, nor any other: it copies (vendor-core-rows.ts, rowsClosedPages).
    internal sealed class TokenTable
    {
        // A core that calls back after it has refused does so soon.
        private const int RememberedRefusals = 1024;

        private readonly object gate = new object();
        private readonly Dictionary<int, NativeCall> calls = new Dictionary<int, NativeCall>();
        private readonly HashSet<int> refused = new HashSet<int>();
        private readonly Queue<int> refusedInOrder = new Queue<int>();
        private readonly IdSpace tokens;
        private readonly Func<int, bool> isLive;

        internal TokenTable(int firstToken)
        {
            tokens = new IdSpace(firstToken);
            isLive = token => calls.ContainsKey(token) || refused.Contains(token);
        }

        internal int Count
        {
            get
            {
                lock (gate)
                {
                    return calls.Count;
                }
            }
        }

        internal int Add(NativeCall call)
        {
            lock (gate)
            {
                int token = tokens.Take(isLive);
                calls.Add(token, call);
                return token;
            }
        }

        // The core called back. Null: it had before, or the token never was. `free`: nobody reads the input any more.
        internal NativeCall? Answer(int token, out bool free)
        {
            lock (gate)
            {
                free = false;
                if (!calls.TryGetValue(token, out NativeCall? call) || call.Answered)
                {
                    return null;
                }

                call.Answered = true;
                free = call.Returned;
                if (call.Returned)
                {
                    calls.Remove(token);
                }

                return call;
            }
        }

        // The function returned. Whether nobody reads the input any more: the core has refused the call or answered it.
        internal bool Return(int token, NativeCall call, bool accepted)
        {
            lock (gate)
            {
                call.Returned = true;
                if (accepted && !call.Answered)
                {
                    return false;
                }

                calls.Remove(token);
                if (!call.Answered)
                {
                    RememberRefusal(token);
                }

                return true;
            }
        }

        // Whether the call was refused lately and had not been called back for: once true, then false.
        internal bool TakeRefused(int token)
        {
            lock (gate)
            {
                return refused.Remove(token);
            }
        }

        // All that the core was given and has not answered. An answer to one of them is a stray from here on.
        internal List<NativeCall> TakeOutReturned()
        {
            lock (gate)
            {
                var taken = new List<NativeCall>();
                foreach (KeyValuePair<int, NativeCall> entry in new Dictionary<int, NativeCall>(calls))
                {
                    if (entry.Value.Returned)
                    {
                        calls.Remove(entry.Key);
                        taken.Add(entry.Value);
                    }
                }

                return taken;
            }
        }

        private void RememberRefusal(int token)
        {
            refused.Add(token);
            refusedInOrder.Enqueue(token);
            if (refusedInOrder.Count > RememberedRefusals)
            {
                refused.Remove(refusedInOrder.Dequeue());
            }
        }
    }
}
#endif
