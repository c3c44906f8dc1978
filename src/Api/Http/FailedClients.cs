using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Http;

/// <summary>
/// Counts clients that failed to authenticate, by peer. What a peer tried at other nodes counts too, and is asked for at failures
/// alone: a client that authenticates costs no statement.
/// </summary>
internal sealed class FailedClients(RateLimits limits, IFailureCounts counts, TimeProvider time)
{
    /// <summary>Counts a refusal if it is of that kind, and passes it on.</summary>
    public async Task<OAuthError> CountAsync(HttpContext http, OAuthError refusal)
    {
        if (limits.FailedClientsPerMinute == 0 || limits.CountFailedClient(http, refusal) is not { Code: "invalid_client" })
            return refusal;
        if (
            await counts.CountAsync(FailureKind.Client, Peer.Of(http), time.GetUtcNow(), http.RequestAborted)
            >= limits.FailedClientsPerMinute
        )
            limits.SpendFailedClients(http);
        return refusal;
    }
}
