using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Configuration;

/// <summary>The clients of <c>OAuth:Clients</c>: machines and applications that an operator vouches for.</summary>
internal static class ConfiguredClients
{
    private const int ShortestSecret = 32;

    /// <exception cref="ConfigurationException">A client is incomplete, unsafe or named twice.</exception>
    public static IReadOnlyDictionary<string, Client> Read(
        IReadOnlyList<ClientOptions> clients,
        IReadOnlyCollection<string> knownSchemes,
        ScopeSet supportedScopes
    )
    {
        var byId = new Dictionary<string, Client>(StringComparer.Ordinal);
        for (var i = 0; i < clients.Count; i++)
        {
            if (clients[i].ClientId is not { Length: > 0 } id || !byId.TryAdd(id, Read(clients[i], id, knownSchemes, supportedScopes)))
                throw new ConfigurationException($"OAuth:Clients:{i}:ClientId is missing or taken.");
        }

        return byId;
    }

    /// <summary>The client that an operator describes, here or on the command line.</summary>
    public static Client Read(ClientOptions options, string id, IReadOnlyCollection<string> knownSchemes, ScopeSet supportedScopes)
    {
        ConfigurationException Wrong(string what) => new($"OAuth:Clients: {id} {what}");
        var isPublic = options.ClientSecret is null && options.Jwks is null;
        var method = options.TokenEndpointAuthMethod
            ?? (
                options.Jwks is not null ? AuthMethods.PrivateKeyJwt
                : isPublic ? AuthMethods.None
                : AuthMethods.ClientSecretBasic
            );
        var grantTypes = options.GrantTypes ?? (options.RedirectUris.Length > 0 ? GrantTypes.SelfService : [GrantTypes.ClientCredentials]);
        var usesCode = grantTypes.Contains(GrantTypes.AuthorizationCode);

        if (!AuthMethods.Supported.Contains(method))
            throw Wrong("has an unknown TokenEndpointAuthMethod.");
        if (grantTypes.Except(GrantTypes.All).Any())
            throw Wrong("has an unknown grant type.");
        if (usesCode != options.RedirectUris.Length > 0)
            throw Wrong("needs RedirectUris for authorization_code, and for nothing else.");
        if (
            options.RedirectUris.Select(uri => RedirectUri.Refuse(uri, knownSchemes)).FirstOrDefault(reason => reason is not null) is
            { } reason
        )
            throw Wrong($"has a RedirectUris entry with {reason}.");
        if ((method == AuthMethods.None) != isPublic || (method == AuthMethods.PrivateKeyJwt) != options.Jwks is not null)
            throw Wrong("has a TokenEndpointAuthMethod that does not fit its secret or Jwks.");
        if (isPublic && grantTypes.Contains(GrantTypes.ClientCredentials))
            throw Wrong("needs a secret or Jwks for client_credentials.");
        if (options.Jwks is { } jwks && !ClientMetadataReader.IsKeySet(jwks))
            throw Wrong("has Jwks that are no JWK set.");
        if (options.ClientSecret is { Length: < ShortestSecret })
            throw Wrong($"has a ClientSecret of less than {ShortestSecret} characters; one guess in 2^128 should be all there is.");
        var scopes = ScopeSet.Of(options.Scopes);
        if (!supportedScopes.Covers(scopes))
            throw Wrong($"has Scopes other than {supportedScopes}.");

        return new Client
        {
            Id = id,
            Origin = ClientOrigin.PreRegistered,
            Name = options.ClientName ?? id,
            RedirectUris = options.RedirectUris,
            GrantTypes = grantTypes,
            TokenEndpointAuthMethod = method,
            SecretHash = Secret.OrNull(options.ClientSecret) is { } secret ? TokenHash.Of(secret) : null,
            Jwks = options.Jwks,
            MachineScope =
                !grantTypes.Contains(GrantTypes.ClientCredentials) ? ScopeSet.Empty
                : scopes.Count > 0 ? scopes
                : ScopeSet.Of(ScopeSet.Read),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
    }
}
