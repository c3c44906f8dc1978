using System.Threading.RateLimiting;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Lets a few passwords be hashed at a time while a few more wait. A flood of sign-ins then slows sign-ins and nothing else.
/// </summary>
/// <param name="concurrent">How many at a time; 0 for no limit.</param>
internal sealed class PasswordQueue(int concurrent) : IDisposable
{
    private const int LongestQueue = 64;
    private readonly ConcurrencyLimiter limiter = new(
        new ConcurrencyLimiterOptions { PermitLimit = concurrent == 0 ? int.MaxValue : concurrent, QueueLimit = LongestQueue }
    );

    /// <summary>A turn that the caller gives back. Not acquired when too many wait already.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken ct) => limiter.AcquireAsync(1, ct);

    public void Dispose() => limiter.Dispose();
}
