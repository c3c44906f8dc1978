using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>The client that an operator did something to.</summary>
internal sealed record ChangedClient(string ClientId)
{
    internal static OAuthError NoSuch(string? clientId) => OAuthError.InvalidRequest($"There is no client {clientId} in the store.");
}
