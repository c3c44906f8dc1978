namespace OAuthMcp.Application.Protocol;

/// <summary>
/// How often each peer failed in this minute, at all nodes together: a guess must not be cheaper where there are more of them.
/// </summary>
internal interface IFailureCounts
{
    /// <summary>Counts one.</summary>
    /// <returns>How many there were in this minute.</returns>
    Task<int> CountAsync(FailureKind kind, string peer, DateTimeOffset now, CancellationToken ct);

    /// <summary>How long a peer that failed too often has to wait; null when it need not.</summary>
    /// <param name="limit">How often it may fail in a minute; 0 for no limit.</param>
    Task<TimeSpan?> WaitAsync(FailureKind kind, string peer, int limit, DateTimeOffset now, CancellationToken ct);
}
