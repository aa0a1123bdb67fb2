using System;
using System.Diagnostics.CodeAnalysis;

namespace TimChatBridge
{
    /// <summary>
    /// Names one conversation, by the kind of its id and the bare id. Immutable; two with the same kind and id are equal. Ids
    /// are compared as they are: nothing is trimmed, folded or normalised. An id that the core would not take (empty, too long,
    /// with a NUL or half of a surrogate pair in it) makes no key.
    /// </summary>
    public sealed class ConversationKey : IEquatable<ConversationKey>
    {
        private const string SystemConversationId = "@TIM#SYSTEM";

        private static readonly (string Prefix, ConversationKeyKind Kind)[] Prefixes =
        {
            ("c2c_", ConversationKeyKind.UserId),
            ("group_", ConversationKeyKind.GroupId),
            ("C2C", ConversationKeyKind.UserId),
            ("GROUP", ConversationKeyKind.GroupId),
        };

        private ConversationKey(ConversationKeyKind kind, string id)
        {
            Kind = kind;
            Id = id;
        }

        /// <summary>Which kind of id it is.</summary>
        public ConversationKeyKind Kind { get; }

        /// <summary>The bare id, without any prefix.</summary>
        public string Id { get; }

        /// <summary>The one-to-one conversation with the user of that userID.</summary>
        /// <exception cref="ArgumentException">The id is unsound: the message says how.</exception>
        public static ConversationKey User(string userId) => Checked(ConversationKeyKind.UserId, userId, nameof(userId));

        /// <summary>The conversation of the group (or topic) of that groupID (topicID).</summary>
        /// <exception cref="ArgumentException">The id is unsound: the message says how.</exception>
        public static ConversationKey Group(string groupId) => Checked(ConversationKeyKind.GroupId, groupId, nameof(groupId));

        /// <summary>The system notification conversation of that id, such as <c>@TIM#SYSTEM</c>.</summary>
        /// <exception cref="ArgumentException">The id is unsound: the message says how.</exception>
        public static ConversationKey System(string systemId) => Checked(ConversationKeyKind.SystemId, systemId, nameof(systemId));

        /// <summary>The conversation that the core's functions name by a bare id and a type.</summary>
        /// <exception cref="ArgumentException">The id is unsound, or the type is not C2C, Group or System: the message says
        /// which.</exception>
        public static ConversationKey FromCore(string convId, TIMConvType convType)
        {
            switch (convType)
            {
                case TIMConvType.kTIMConv_C2C:
                    return Checked(ConversationKeyKind.UserId, convId, nameof(convId));
                case TIMConvType.kTIMConv_Group:
                    return Checked(ConversationKeyKind.GroupId, convId, nameof(convId));
                case TIMConvType.kTIMConv_System:
                    return Checked(ConversationKeyKind.SystemId, convId, nameof(convId));
                default:
                    throw new ArgumentException(
                        $"conversation type {(int)convType} names no conversation: use kTIMConv_C2C (1), kTIMConv_Group (2) or kTIMConv_System (3)",
                        nameof(convType));
            }
        }

        /// <summary>
        /// Reads a notation that names its kind: <c>c2c_x</c> or <c>group_x</c> (native core), <c>C2Cx</c>, <c>GROUPx</c> or
        /// <c>@TIM#SYSTEM</c> (Web SDK). The id is what follows the prefix, to the letter. A bare id names no kind.
        /// </summary>
        /// <returns>False where it is null or bare, or where what follows the prefix is no sound id.</returns>
        public static bool TryParse(string? notation, [NotNullWhen(true)] out ConversationKey? key)
        {
            key = Parse(notation ?? string.Empty);
            return key is object;
        }

        /// <inheritdoc/>
        public bool Equals(ConversationKey? other) =>
            other is object && Kind == other.Kind && string.Equals(Id, other.Id, StringComparison.Ordinal);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => Equals(obj as ConversationKey);

        /// <inheritdoc/>
        public override int GetHashCode() => unchecked((StringComparer.Ordinal.GetHashCode(Id) * 4) + (int)Kind);

        /// <summary>Whether both name the same conversation.</summary>
        public static bool operator ==(ConversationKey? left, ConversationKey? right) =>
            left is null ? right is null : left.Equals(right);

        /// <summary>Whether they name different conversations.</summary>
        public static bool operator !=(ConversationKey? left, ConversationKey? right) => !(left == right);

        /// <summary>The native core's notation: <c>c2c_x</c>, <c>group_x</c>, or the system id as it is.</summary>
        public override string ToString()
        {
            switch (Kind)
            {
                case ConversationKeyKind.UserId:
                    return "c2c_" + Id;
                case ConversationKeyKind.GroupId:
                    return "group_" + Id;
                default:
                    return Id;
            }
        }

        // What script sends has been checked there: an id that this side would refuse is still the id that was deleted.
        internal static ConversationKey FromWire(ConversationKeyKind kind, string id) => new ConversationKey(kind, id);

        private static ConversationKey? Parse(string notation)
        {
            if (notation == SystemConversationId)
            {
                return new ConversationKey(ConversationKeyKind.SystemId, notation);
            }

            foreach ((string prefix, ConversationKeyKind kind) in Prefixes)
            {
                if (notation.StartsWith(prefix, StringComparison.Ordinal))
                {
                    string id = notation.Substring(prefix.Length);
                    return FlawOf(kind, id) == IdFlaw.None ? new ConversationKey(kind, id) : null;
                }
            }

            return null;
        }

        private static ConversationKey Checked(ConversationKeyKind kind, string id, string parameter)
        {
            IdFlaw flaw = FlawOf(kind, id);
            return flaw == IdFlaw.None
                ? new ConversationKey(kind, id)
                : throw new ArgumentException($"no conversation can have that id: {ConversationIds.Describe(flaw)}", parameter);
        }

        private static IdFlaw FlawOf(ConversationKeyKind kind, string? id)
        {
            switch (kind)
            {
                case ConversationKeyKind.UserId:
                    return ConversationIds.CheckText(id, (int)TIMConvType.kTIMConv_C2C, out _);
                case ConversationKeyKind.GroupId:
                    return ConversationIds.CheckText(id, (int)TIMConvType.kTIMConv_Group, out _);
                default:
                    return ConversationIds.CheckSystemText(id);
            }
        }
    }
}
