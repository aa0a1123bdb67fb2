using System.Collections.Generic;

namespace TimChatBridge
{
    /// <summary>
    /// The one answer to an accepted <see cref="Conversations.ConvDelete"/>. Called on the main thread, in a later tick, before
    /// the <see cref="Conversations.DeleteCompleted"/> listeners.
    /// </summary>
    /// <param name="code">0: deleted. Otherwise the core's TIMErrorCode, or a <see cref="TIMResult"/> of -1001 or below; the core has
    /// a few negative codes of its own, and <see cref="BridgeError.Source"/> of the result says whose it is.</param>
    /// <param name="desc">Words about it.</param>
    /// <param name="userData">What the caller gave.</param>
    public delegate void ConvDeleteCallback(int code, string desc, string? userData);

    /// <summary>
    /// The one answer to an accepted <see cref="Conversations.ConvDeleteConversationList"/>. Called on the main thread, in a
    /// later tick, before the <see cref="Conversations.DeleteCompleted"/> listeners.
    /// </summary>
    /// <param name="code">0: the core carried it out; look at <paramref name="results"/> for each conversation.</param>
    /// <param name="desc">Words about it.</param>
    /// <param name="results">One entry for each conversation that was asked for, in that order.</param>
    /// <param name="userData">What the caller gave.</param>
    public delegate void ConvDeleteListCallback(int code, string desc, IReadOnlyList<DeleteResult> results, string? userData);
}
