using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Proves the client of a request to /token or /revoke: the registered method, and the secret where it has one
/// (OAuth 2.1 §2.4). Every failure is the same <c>invalid_client</c>.
/// </summary>
internal sealed class ClientAuthenticator(ClientDirectory clients)
{
    private static readonly TokenHash Nobody = TokenHash.Of(Secret.Generate());

    public async Task<Result<Client>> AuthenticateAsync(ClientCredentials credentials, CancellationToken ct)
    {
        if (credentials.Malformed is { } malformed) return malformed;
        if (credentials.ClientId is null) return OAuthError.InvalidClient("no client_id");

        var client = await clients.FindAsync(credentials.ClientId, ct);
        // Compared whether the client exists or not, so that time does not tell.
        var secretIsRight = credentials.ClientSecret is { } secret && (client?.SecretHash ?? Nobody).Matches(secret);
        if (client is null) return OAuthError.InvalidClient("unknown or disabled client");
        if (client.TokenEndpointAuthMethod != credentials.Method) return OAuthError.InvalidClient($"{client.Id} is registered for {client.TokenEndpointAuthMethod}, not {credentials.Method}");
        if (!client.IsPublic && !secretIsRight) return OAuthError.InvalidClient($"wrong secret for {client.Id}");
        return client;
    }
}
