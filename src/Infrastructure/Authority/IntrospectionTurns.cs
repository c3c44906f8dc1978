using System.Threading.RateLimiting;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Limits how many ask the authority at the same time. Tokens that were good before have places of their own, and one peer gets a
/// part of the others, so that guesses keep no good token waiting.
/// </summary>
internal sealed class IntrospectionTurns : IDisposable
{
    public const int OfKnown = 16;
    public const int OfOthers = 48;
    public const int OfOnePeer = 16;
    private const int LongestQueue = 1_000;

    private readonly ConcurrencyLimiter known = new(Places(OfKnown));
    private readonly PartitionedRateLimiter<string> others = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, string>(peer => RateLimitPartition.GetConcurrencyLimiter(peer, _ => Places(OfOnePeer))),
        PartitionedRateLimiter.Create<string, string>(_ => RateLimitPartition.GetConcurrencyLimiter("", _ => Places(OfOthers)))
    );

    /// <summary>Waits for a turn, which the caller gives back. Not acquired where too many wait already.</summary>
    public ValueTask<RateLimitLease> WaitAsync(bool wasGood, string? peer, CancellationToken ct) =>
        wasGood ? known.AcquireAsync(1, ct) : others.AcquireAsync(peer ?? "", 1, ct);

    public void Dispose()
    {
        known.Dispose();
        others.Dispose();
    }

    private static ConcurrencyLimiterOptions Places(int count) => new() { PermitLimit = count, QueueLimit = LongestQueue };
}
