using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Who may manage a registration: the holder of its registration access token (RFC 7592 §2).</summary>
internal sealed class RegistrationAccess(IClientStore store, CurrentAct act)
{
    private static readonly TokenHash Nobody = TokenHash.Of(Secret.Generate());

    /// <summary>The client, or one <c>invalid_token</c> for every reason: unknown, disabled, or another's token.</summary>
    public async Task<Result<Client>> AuthorizeAsync(string clientId, Secret? registrationToken, CancellationToken ct)
    {
        var client = clientId.Length <= 256 ? await store.FindAsync(clientId, ct) : null;
        var isHolder = registrationToken is not null && (client?.RegistrationTokenHash ?? Nobody).Matches(registrationToken);
        if (!isHolder || client is not { IsDisabled: false })
            return OAuthError.InvalidToken("The registration access token is not valid for this client.");
        act.ClientId = client.Id;
        return client;
    }
}
