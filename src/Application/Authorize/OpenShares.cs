using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>
/// Counts the waiting requests of each peer and of each origin of applications, which is the host of a document or a single
/// registration.
/// </summary>
internal sealed class OpenShares(OAuthSettings settings, TimeProvider time)
{
    private readonly Shares byPeer = new(AuthorizationRequest.Lifetime, settings.MaxOpenAuthorizations, time);
    private readonly Shares byOrigin = new(AuthorizationRequest.Lifetime, settings.MaxOpenAuthorizations, time);

    /// <summary>Counts a request, and returns those that have to go for it.</summary>
    public IEnumerable<string> Add(AuthorizationRequest request, string? peer) =>
        new[]
        {
            peer is null ? null : byPeer.Add(peer, request.Id, settings.MaxOpenPerPeer),
            byOrigin.Add(WebUrl.Host(request.ClientId) ?? request.ClientId, request.Id, settings.MaxOpenPerOrigin),
        }.OfType<string>();
}
