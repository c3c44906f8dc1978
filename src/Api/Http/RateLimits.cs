using System.Threading.RateLimiting;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>
/// The limits that can only be told when something was read: tokens by grant type, clients that failed to authenticate,
/// and calls that run for one caller. All others are <see cref="PeerLimits"/>. Windows of a minute; 0 switches a limit off.
/// </summary>
internal sealed class RateLimits(LimitsOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> tokens = PerMinute(options.TokenPerMinute);
    private readonly PartitionedRateLimiter<string> failedClients = PerMinute(options.FailedClientsPerMinute);
    private readonly PartitionedRateLimiter<string> calls = AtATime(options.McpConcurrentPerUser);
    private readonly PartitionedRateLimiter<string> cancellations = AtATime(options.McpConcurrentPerUser);

    /// <summary>Counts apart by grant type; those that do not exist count as one.</summary>
    public OAuthError? RefuseToken(HttpContext http, string? grantType) =>
        Refuse(tokens, $"{Peer.Of(http)} {(GrantTypes.All.Contains(grantType) ? grantType : "other")}") ?? RefuseClient(http);

    /// <summary>Refuses a peer that failed to authenticate as a client too often: guessing has to be slow.</summary>
    public OAuthError? RefuseClient(HttpContext http)
    {
        using var lease = failedClients.AttemptAcquire(Peer.Of(http), 0);
        return lease.IsAcquired ? null : PeerLimits.TooMany(lease);
    }

    /// <summary>Counts a refusal if it is one of a client that failed to authenticate, and passes it on.</summary>
    public OAuthError CountFailedClient(HttpContext http, OAuthError refusal)
    {
        if (refusal.Code == "invalid_client")
            Refuse(failedClients, Peer.Of(http));
        return refusal;
    }

    /// <summary>How many failures of clients one peer has in a minute; 0 for no limit.</summary>
    public int FailedClientsPerMinute => options.FailedClientsPerMinute;

    /// <summary>Leaves nothing of the budget of a peer that failed too often elsewhere.</summary>
    public void SpendFailedClients(HttpContext http)
    {
        if (failedClients.GetStatistics(Peer.Of(http)) is { CurrentAvailablePermits: > 0 and var left })
            failedClients.AttemptAcquire(Peer.Of(http), (int)left).Dispose();
    }

    /// <summary>A place among the caller's running requests, to be given back.</summary>
    public RateLimitLease EnterCall(string subject) => calls.AttemptAcquire(subject);

    /// <summary>A place among what is read beyond those, since it may cancel one of them; to be given back.</summary>
    public RateLimitLease EnterCancellation(string subject) => cancellations.AttemptAcquire(subject);

    public void Dispose()
    {
        foreach (var limiter in new[] { tokens, failedClients, calls, cancellations })
            limiter.Dispose();
    }

    private static OAuthError? Refuse(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : PeerLimits.TooMany(lease);
    }

    private static PartitionedRateLimiter<string> AtATime(int limit) =>
        PartitionedRateLimiter.Create<string, string>(caller =>
            limit == 0
                ? RateLimitPartition.GetNoLimiter(caller)
                : RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions { PermitLimit = limit })
        );

    private static PartitionedRateLimiter<string> PerMinute(int limit) =>
        PartitionedRateLimiter.Create<string, string>(key => PeerLimits.PerMinute(key, limit));
}
