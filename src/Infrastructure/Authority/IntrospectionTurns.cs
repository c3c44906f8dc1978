using System.Threading.RateLimiting;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Who may ask the authority about a token at the same time. Tokens that were good before go first, by places of their
/// own; the others share the rest, and a peer has a part of that, so that guesses starve nobody else's tokens.
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

    /// <summary>A turn to be given back, for which it waits; not acquired where too many wait already.</summary>
    public ValueTask<RateLimitLease> WaitAsync(bool wasGood, string? peer, CancellationToken ct) =>
        wasGood ? known.AcquireAsync(1, ct) : others.AcquireAsync(peer ?? "", 1, ct);

    public void Dispose()
    {
        known.Dispose();
        others.Dispose();
    }

    private static ConcurrencyLimiterOptions Places(int count) => new() { PermitLimit = count, QueueLimit = LongestQueue };
}
