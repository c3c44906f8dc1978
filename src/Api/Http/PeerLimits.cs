using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>
/// How often one peer may call an endpoint, which names its limit in its metadata. A request is counted before it is read, in
/// windows of a minute; 0 switches a limit off.
/// </summary>
internal static class PeerLimits
{
    public const string Registration = "registration";
    public const string RegistrationAccess = "registration-access";
    public const string Revocation = "revocation";
    public const string Introspection = "introspection";
    public const string Authorize = "authorize";

    /// <summary>For the pages of a sign-in, whose posts share one budget.</summary>
    public const string SignIn = "sign-in";

    /// <summary>For every other page.</summary>
    public const string Page = "page";

    public static void AddPeerLimits(this RateLimiterOptions limiter, LimitsOptions limits, int registrationsPerMinute)
    {
        limiter
            .Add(Registration, registrationsPerMinute)
            .Add(RegistrationAccess, registrationsPerMinute)
            .Add(Revocation, limits.TokenPerMinute)
            .Add(Introspection, limits.TokenPerMinute)
            .Add(Authorize, limits.AuthorizePerMinute)
            .Add(Page, limits.PagesPerMinute)
            .AddPolicy(SignIn, http =>
                HttpMethods.IsPost(http.Request.Method) || http.GetEndpoint()?.Metadata.GetMetadata<ActsOnGetAttribute>() is not null
                    ? PerMinute(Peer.Of(http), limits.SignInPerMinute)
                    : PerMinute($"{Peer.Of(http)} looks", limits.PagesPerMinute)
            );
    }

    /// <summary>The limit for one key; 0 for none.</summary>
    public static RateLimitPartition<string> PerMinute(string key, int limit) =>
        limit == 0
            ? RateLimitPartition.GetNoLimiter(key)
            : RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = limit,
                Window = TimeSpan.FromMinutes(1),
            });

    /// <summary>The refusal of a lease that was not acquired, with the end of the window.</summary>
    public static OAuthError TooMany(RateLimitLease lease) =>
        OAuthError.TooManyRequests(
            lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) && retryAfter > TimeSpan.Zero
                ? retryAfter
                : TimeSpan.FromMinutes(1)
        );

    private static RateLimiterOptions Add(this RateLimiterOptions limiter, string name, int limit) =>
        limiter.AddPolicy(name, http => PerMinute(Peer.Of(http), limit));
}
