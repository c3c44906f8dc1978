using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Authorize;

namespace OAuthMcp.Application.Authorize;

/// <summary>
/// Lets requests wait for their user. Whoever has more than a share gives up the oldest of them, and where there are too many in
/// all the oldest of all goes, so that nobody can keep others out.
/// </summary>
internal sealed class Admission(IAuthorizationRequestStore requests, OpenShares shares, OAuthSettings settings)
{
    private const int MostTries = 10;

    /// <summary>False when others take every free place first.</summary>
    /// <param name="peer">Who sent it; null where that is not known.</param>
    public async Task<bool> TryAddAsync(AuthorizationRequest request, string? peer, CancellationToken ct)
    {
        foreach (var displaced in shares.Add(request, peer))
            await requests.DropAsync(displaced, ct);
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (await requests.TryAddAsync(request, settings.MaxOpenAuthorizations, ct))
                return true;
            await requests.DropAsync(null, ct);
        }

        return false;
    }
}
