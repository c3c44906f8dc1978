namespace OAuthMcp.Domain.Keys;

/// <summary>
/// When each key signs and until when it verifies; what a key is made of belongs to the infrastructure. Keys follow each other
/// within one algorithm only, since two processes with different algorithms may share the table.
/// </summary>
internal sealed class KeySchedule(IEnumerable<KeyTimes> keys, TimeSpan tokenLifetime)
{
    /// <summary>How long a key is published before it signs: longer than any cache holds the key set.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromMinutes(10);

    /// <summary>How long another process may go on signing with a key that has just been followed by the next.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    /// <summary>Every key, the newest first. A withdrawn one comes behind the one that took its place in the same instant.</summary>
    public IReadOnlyList<KeyTimes> Keys { get; } =
    [.. keys.OrderByDescending(key => key.ActiveFrom).ThenBy(key => key.IsWithdrawn).ThenBy(key => key.KeyId, StringComparer.Ordinal)];

    /// <summary>
    /// The key that signs: the newest whose time has come. Null when there is none or it was withdrawn; then a new key is due.
    /// </summary>
    public KeyTimes? FindSigning(string algorithm, DateTimeOffset now) =>
        Keys.FirstOrDefault(key => key.Algorithm == algorithm && key.ActiveFrom <= now) is { IsWithdrawn: false } key ? key : null;

    /// <summary>
    /// Until when a key verifies: a token's life after the next key of its algorithm began to sign, or null while there is none.
    /// </summary>
    public DateTimeOffset? EndOf(KeyTimes key) =>
        Keys.Where(other => other.Algorithm == key.Algorithm && other.ActiveFrom > key.ActiveFrom)
            .Select(other => (DateTimeOffset?)other.ActiveFrom + tokenLifetime + Overlap)
            .Min();

    public bool Verifies(KeyTimes key, DateTimeOffset now) => !key.IsWithdrawn && !(EndOf(key) <= now);
}
