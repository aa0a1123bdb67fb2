using System;

namespace TimChatBridge
{
    // Hands out numbers from 1 to 2^31 - 1, over and over, skipping those that are still in use.
    internal sealed class IdSpace
    {
        private int next;

        internal IdSpace(int first)
        {
            next = first;
        }

        internal int Take(Func<int, bool> isLive)
        {
            int id;
            do
            {
                id = next;
                next = next == int.MaxValue ? 1 : next + 1;
            }
            while (isLive(id));
            return id;
        }
    }
}
