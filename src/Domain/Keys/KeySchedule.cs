namespace OAuthMcp.Domain.Keys;

/// <summary>
/// When each key signs, and until when it verifies. This folder owns the times of keys; what a key is made of belongs
/// to the infrastructure. Keys of one algorithm follow each other, and those of another have no part in that: two
/// processes with different algorithms may share the keys, so a key that signs in one is ended by nothing in the other.
/// </summary>
public sealed class KeySchedule(IEnumerable<KeyTimes> keys, TimeSpan tokenLifetime)
{
    /// <summary>How long a key is published before it signs: longer than any cache holds the key set.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromMinutes(10);

    /// <summary>How long another process may go on signing with a key that has just been followed by the next.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>Every key, the newest first.</summary>
    public IReadOnlyList<KeyTimes> Keys { get; } =
    [.. keys.OrderByDescending(key => key.ActiveFrom).ThenBy(key => key.KeyId, StringComparer.Ordinal)];

    /// <summary>
    /// The key that signs: of those whose time has come the newest. Null when there is none, and when that one was
    /// withdrawn, since the ones before it have an end and a new key is due.
    /// </summary>
    public KeyTimes? FindSigning(string algorithm, DateTimeOffset now) =>
        Keys.FirstOrDefault(key => key.Algorithm == algorithm && key.ActiveFrom <= now) is { IsWithdrawn: false } key ? key : null;

    /// <summary>Until when a key verifies: a token's life after the next key of its algorithm began to sign. Null while there is no next.</summary>
    public DateTimeOffset? EndOf(KeyTimes key) =>
        Keys.Where(other => other.Algorithm == key.Algorithm && other.ActiveFrom > key.ActiveFrom)
            .Select(other => (DateTimeOffset?)other.ActiveFrom + tokenLifetime + Overlap)
            .Min();

    public bool Verifies(KeyTimes key, DateTimeOffset now) => !key.IsWithdrawn && !(EndOf(key) <= now);
}
