using System.Threading.RateLimiting;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>
/// How often one peer may do what costs something or guesses something. Windows of a minute; 0 switches a limit off.
/// Who one peer is says <see cref="Peer"/>.
/// </summary>
internal sealed class RateLimits(LimitsOptions options, int registrationsPerMinute) : IDisposable
{
    private readonly PartitionedRateLimiter<string> tokens = PerMinute(options.TokenPerMinute);
    private readonly PartitionedRateLimiter<string> failedClients = PerMinute(options.FailedClientsPerMinute);
    private readonly PartitionedRateLimiter<string> registrations = PerMinute(registrationsPerMinute);
    private readonly PartitionedRateLimiter<string> authorizations = PerMinute(options.AuthorizePerMinute);
    private readonly PartitionedRateLimiter<string> signIns = PerMinute(options.SignInPerMinute);
    private readonly PartitionedRateLimiter<string> calls = PartitionedRateLimiter.Create<string, string>(caller =>
        options.McpConcurrentPerUser == 0
            ? RateLimitPartition.GetNoLimiter(caller)
            : RateLimitPartition.GetConcurrencyLimiter(caller, _ => new ConcurrencyLimiterOptions
            {
                PermitLimit = options.McpConcurrentPerUser,
            })
    );

    public OAuthError? RefuseToken(HttpContext http, string? grantType) =>
        Refuse(
            tokens,
            $"{Peer.Of(http)} {(grantType is "authorization_code" or "refresh_token" or "client_credentials" ? grantType : "other")}"
        ) ?? RefuseClient(http);

    /// <summary>Refuses a peer that failed to authenticate as a client too often: guessing has to be slow.</summary>
    public OAuthError? RefuseClient(HttpContext http)
    {
        using var lease = failedClients.AttemptAcquire(Peer.Of(http), 0);
        return lease.IsAcquired ? null : TooMany(lease);
    }

    /// <summary>Counts a refusal if it is one of a client that failed to authenticate, and passes it on.</summary>
    public OAuthError CountFailedClient(HttpContext http, OAuthError refusal)
    {
        if (refusal.Code == "invalid_client")
            Refuse(failedClients, Peer.Of(http));
        return refusal;
    }

    public OAuthError? RefuseRegistration(HttpContext http) => Refuse(registrations, Peer.Of(http));

    public OAuthError? RefuseAuthorization(HttpContext http) => Refuse(authorizations, Peer.Of(http));

    public OAuthError? RefuseSignIn(HttpContext http) => Refuse(signIns, Peer.Of(http));

    /// <summary>A place among the caller's running requests, to be given back.</summary>
    public RateLimitLease EnterCall(string subject) => calls.AttemptAcquire(subject);

    public void Dispose()
    {
        foreach (var limiter in new[] { tokens, failedClients, registrations, authorizations, signIns, calls })
            limiter.Dispose();
    }

    private static OAuthError? Refuse(PartitionedRateLimiter<string> limiter, string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired ? null : TooMany(lease);
    }

    private static OAuthError TooMany(RateLimitLease lease) =>
        OAuthError.TooManyRequests(
            lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) && retryAfter > TimeSpan.Zero
                ? retryAfter
                : TimeSpan.FromMinutes(1)
        );

    private static PartitionedRateLimiter<string> PerMinute(int limit) =>
        PartitionedRateLimiter.Create<string, string>(key =>
            limit == 0
                ? RateLimitPartition.GetNoLimiter(key)
                : RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = limit,
                    Window = TimeSpan.FromMinutes(1),
                })
        );
}
