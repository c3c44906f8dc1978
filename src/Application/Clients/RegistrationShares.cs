using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Application.Clients;

/// <summary>How many clients of each peer are there that nobody has used for a day at most: after that they are forgotten anyway.</summary>
internal sealed class RegistrationShares(OAuthSettings settings, TimeProvider time)
{
    private readonly Shares byPeer = new(TimeSpan.FromHours(24), time);

    /// <summary>Counts it, and returns the one that has to go out for it if nobody uses that.</summary>
    public string? Add(string? peer, string clientId) => peer is null ? null : byPeer.Add(peer, clientId, settings.MaxClientsPerPeer);
}
