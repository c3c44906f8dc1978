using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;

namespace OAuthMcp.Api.Hosting;

/// <summary>How much, how often and how slowly anybody may send, as far as this is checked before an endpoint runs.</summary>
internal static class ServerLimits
{
    private static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    public static void AddServerLimits(this IServiceCollection services, ServerSettings settings)
    {
        var limits = settings.Limits;
        services.Configure<KestrelServerOptions>(kestrel => Limit(kestrel.Limits, limits));
        services.Configure<FormOptions>(form => form.ValueCountLimit = limits.FormKeys > 0 ? limits.FormKeys : int.MaxValue);
        services.AddSingleton(new RateLimits(limits));
        services.AddRateLimiter(limiter =>
        {
            limiter.AddPeerLimits(limits, settings.RegistrationsPerMinute);
            limiter.OnRejected = (refused, _) => new ValueTask(refused.HttpContext.AnswerAsync(PeerLimits.TooMany(refused.Lease)));
        });
    }

    private static void Limit(KestrelServerLimits kestrel, LimitsOptions limits)
    {
        kestrel.MaxRequestHeadersTotalSize = limits.HeaderBytes > 0 ? limits.HeaderBytes : int.MaxValue;
        // Kestrel does not start with a buffer that its headers do not fit into.
        kestrel.MaxRequestBufferSize = Math.Max(kestrel.MaxRequestBufferSize ?? 0, kestrel.MaxRequestHeadersTotalSize);
        kestrel.MaxConcurrentConnections = limits.Connections > 0 ? limits.Connections : null;
        kestrel.RequestHeadersTimeout = limits.HeaderSeconds > 0 ? TimeSpan.FromSeconds(limits.HeaderSeconds) : Timeout.InfiniteTimeSpan;
        kestrel.MinRequestBodyDataRate = limits.BodyBytesPerSecond > 0 ? new MinDataRate(limits.BodyBytesPerSecond, BodyGrace) : null;
    }
}
