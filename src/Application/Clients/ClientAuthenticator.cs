using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Proves the client of a request to /token, /revoke or /introspect: the registered method, then the secret or the
/// assertion (OAuth 2.1 §2.4). Every failure is the same <c>invalid_client</c>.
/// </summary>
internal sealed class ClientAuthenticator(
    ClientDirectory clients,
    IClientAssertions assertions,
    IUsedOnce used,
    IMetadataDocuments documents,
    CurrentAct act
)
{
    private static readonly TokenHash Nobody = TokenHash.Of(Secret.Generate());

    public async Task<Result<Client>> AuthenticateAsync(ClientCredentials credentials, CancellationToken ct)
    {
        var authenticated = await ProveAsync(credentials, ct);
        if (authenticated.Try(out var client, out _))
            act.ClientId = client.Id;
        return authenticated;
    }

    private async Task<Result<Client>> ProveAsync(ClientCredentials credentials, CancellationToken ct)
    {
        if (credentials.Malformed is { } malformed)
            return malformed;
        var clientId = credentials.ClientId ?? (credentials.Assertion is { } assertion ? assertions.SubjectOf(assertion) : null);
        if (clientId is null)
            return OAuthError.InvalidClient("no client_id");

        var client = await clients.FindAsync(clientId, ct);
        // Compared even if the client does not exist, so that the time of the answer does not tell.
        var secretIsRight = credentials.ClientSecret is { } secret && (client?.SecretHash ?? Nobody).Matches(secret);
        if (client is null)
            return OAuthError.InvalidClient("unknown or disabled client");
        if (!client.Accepts(credentials.Method))
            return OAuthError.InvalidClient($"{client.Id} is registered for {client.TokenEndpointAuthMethod}, not {credentials.Method}");
        return credentials.Method switch
        {
            AuthMethods.None => client,
            AuthMethods.PrivateKeyJwt => await VerifyAsync(client, credentials.Assertion!, ct),
            _ => secretIsRight ? client : OAuthError.InvalidClient($"wrong secret for {client.Id}"),
        };
    }

    private async Task<Result<Client>> VerifyAsync(Client client, Secret assertion, CancellationToken ct)
    {
        var jwks = client.Jwks ?? (client.JwksUri is { } uri ? await documents.FetchKeysAsync(uri, ct) : null);
        if (!(await assertions.VerifyAsync(client, assertion, jwks, ct)).Try(out var verified, out var refusal))
            return refusal;
        return await used.TryUseAsync(UsedKind.Assertion, $"{client.Id} {verified.JwtId}", verified.ExpiresAt, ct)
            ? client
            : OAuthError.InvalidClient($"assertion of {client.Id} replayed");
    }
}
