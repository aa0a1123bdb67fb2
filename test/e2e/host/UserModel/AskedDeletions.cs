using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace TimChatBridge.UserModel
{
    // All deletions of a play, by the ids that they name.
    internal sealed class AskedDeletions
    {
        private readonly UserPlay play;
        private readonly Dictionary<int, AskedDeletion> asked = new Dictionary<int, AskedDeletion>();

        internal AskedDeletions(UserPlay play)
        {
            this.play = play;
        }

        internal IEnumerable<AskedDeletion> All => asked.Values;

        internal AskedDeletion New(Asker asker, int conversations)
        {
            int serial = asked.Count + 1;
            Doubts doubts = play.Doubts;
            var deletion = new AskedDeletion(serial, asker, conversations, doubts.AreNone, doubts.Count, play.Wrong)
            {
                IsUnjudged = doubts.HoldsNoMore,
            };
            asked.Add(serial, deletion);
            return deletion;
        }

        internal AskedDeletion? Find(string id)
        {
            if (asked.TryGetValue(int.Parse(id.Split('-')[0], CultureInfo.InvariantCulture), out AskedDeletion? deletion))
            {
                return deletion;
            }

            play.Wrong.Add($"{id} was never asked for");
            return null;
        }

        // The core has it.
        internal void IsHanded(HandedCall call)
        {
            AskedDeletion? deletion = call.Deletes.Length == 0 ? null : Find(call.Deletes[0]);
            if (deletion == null)
            {
                return;
            }

            deletion.IsHanded();
            if (!call.Deletes.SequenceEqual(deletion.Ids))
            {
                play.Wrong.Add($"{string.Join(" ", call.Deletes)} was handed to the core for {string.Join(" ", deletion.Ids)}");
            }

            deletion.IsUnjudged |= play.Doubts.HoldsNoMore;
        }

        internal void IsCarriedOut(HandedCall call, string user)
        {
            AskedDeletion? deletion = Find(call.Deletes[0]);
            deletion?.IsCarriedOutAs(user);
            if (deletion != null && !deletion.IsUnjudged && deletion.ShownUser != null)
            {
                play.Count("judged");
            }
        }
    }
}
