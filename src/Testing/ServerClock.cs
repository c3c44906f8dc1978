namespace OAuthMcp.Testing;

/// <summary>
/// The time of a server in a test: it runs as the machine's does, and can be moved forward. What waits for a while waits as long as ever.
/// </summary>
public sealed class ServerClock : TimeProvider
{
    private long ahead;

    /// <summary>Makes it later, so that a token expires or a session ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would become earlier.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref ahead, by.Ticks);
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));
}
