using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Application.Clients;

/// <summary>Counts for a day the clients that each peer registered and nobody has used. After that day they are deleted anyway.</summary>
internal sealed class RegistrationShares(OAuthSettings settings, TimeProvider time)
{
    private readonly Shares byPeer = new(TimeSpan.FromHours(24), settings.MaxRegisteredClients, time);

    /// <summary>Counts a client, and returns the one that has to go for it unless somebody uses that.</summary>
    public string? Add(string? peer, string clientId) => peer is null ? null : byPeer.Add(peer, clientId, settings.MaxClientsPerPeer);
}
