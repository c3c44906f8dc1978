using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>What an operator may describe as a client.</summary>
internal static class OperatorClients
{
    private const int ShortestSecret = 32;

    /// <summary>The client, or what is wrong with its description, as a predicate to be put behind its name.</summary>
    public static Result<Client> Read(
        ClientDescription described,
        string id,
        IReadOnlyCollection<string> knownSchemes,
        ScopeSet? supportedScopes
    )
    {
        var isPublic = described.Secret is null && described.Jwks is null;
        var method = described.TokenEndpointAuthMethod
            ?? (
                described.Jwks is not null ? AuthMethods.PrivateKeyJwt
                : isPublic ? AuthMethods.None
                : AuthMethods.ClientSecretBasic
            );
        var grantTypes = described.GrantTypes
            ?? (described.RedirectUris.Count > 0 ? GrantTypes.SelfService : [GrantTypes.ClientCredentials]);
        var scopes = ScopeSet.Of([.. described.Scopes]);
        if (Wrong(described, method, grantTypes, isPublic, knownSchemes) is { } reason)
            return OAuthError.InvalidClientMetadata(reason);
        if (supportedScopes?.Covers(scopes) == false)
            return OAuthError.InvalidClientMetadata($"has Scopes other than {supportedScopes}.");
        return new Client
        {
            Id = id,
            Origin = ClientOrigin.PreRegistered,
            Name = described.Name ?? id,
            RedirectUris = described.RedirectUris,
            GrantTypes = grantTypes,
            TokenEndpointAuthMethod = method,
            SecretHash = Secret.OrNull(described.Secret) is { } secret ? TokenHash.Of(secret) : null,
            Jwks = described.Jwks,
            MachineScope =
                !grantTypes.Contains(GrantTypes.ClientCredentials) ? ScopeSet.Empty
                : scopes.Count > 0 ? scopes
                : ScopeSet.Of(ScopeSet.Read),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
    }

    private static string? Wrong(
        ClientDescription described,
        string method,
        IReadOnlyList<string> grantTypes,
        bool isPublic,
        IReadOnlyCollection<string> knownSchemes
    )
    {
        if (!AuthMethods.Supported.Contains(method))
            return "has an unknown TokenEndpointAuthMethod.";
        if (grantTypes.Except(GrantTypes.All).Any())
            return "has an unknown grant type.";
        if (grantTypes.Contains(GrantTypes.AuthorizationCode) != described.RedirectUris.Count > 0)
            return "needs RedirectUris for authorization_code, and for nothing else.";
        if (
            described.RedirectUris.Select(uri => RedirectUri.Refuse(uri, knownSchemes)).FirstOrDefault(wrong => wrong is not null) is
            { } uri
        )
            return $"has a RedirectUris entry with {uri}.";
        if ((method == AuthMethods.None) != isPublic || (method == AuthMethods.PrivateKeyJwt) != described.Jwks is not null)
            return "has a TokenEndpointAuthMethod that does not fit its secret or Jwks.";
        if (isPublic && grantTypes.Contains(GrantTypes.ClientCredentials))
            return "needs a secret or Jwks for client_credentials.";
        if (described.Jwks is { } jwks && ClientKeySet.Refuse(jwks) is { } unusable)
            return $"has Jwks that cannot be used: {unusable}.";
        if (described.Secret is { Length: < ShortestSecret })
            return $"has a ClientSecret of less than {ShortestSecret} characters; one guess in 2^128 should be all there is.";
        return null;
    }
}
