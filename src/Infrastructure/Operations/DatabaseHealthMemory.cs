namespace OAuthMcp.Infrastructure.Operations;

/// <summary>When a probe last wrote, so that frequent probes write seldom.</summary>
internal sealed class DatabaseHealthMemory
{
    private long ticks;

    public DateTimeOffset? WrittenAt
    {
        get => Interlocked.Read(ref ticks) is > 0 and var at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
        set => Interlocked.Exchange(ref ticks, value?.UtcTicks ?? 0);
    }
}
