using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>
/// What a registration request or a metadata document asserts of a client, as it was sent (RFC 7591 §2). Checking
/// applies the RFC's defaults and this server's rules; what is not listed here is ignored, so that nobody can set it.
/// </summary>
internal sealed record ClientMetadata
{
    public const int MaxRedirectUris = 32;

    /// <summary>What a metadata document calls itself; of no meaning in a registration.</summary>
    public string? ClientId { get; init; }

    public IReadOnlyList<string>? RedirectUris { get; init; }
    public IReadOnlyList<string>? GrantTypes { get; init; }
    public IReadOnlyList<string>? ResponseTypes { get; init; }
    public string? TokenEndpointAuthMethod { get; init; }

    /// <summary>The choice that a metadata document offers besides its preference.</summary>
    public IReadOnlyList<string>? TokenEndpointAuthMethodsSupported { get; init; }
    public string? ClientName { get; init; }
    public string? ClientUri { get; init; }
    public string? ApplicationType { get; init; }
    public string? Scope { get; init; }
    public string? LogoUri { get; init; }
    public string? TosUri { get; init; }
    public string? PolicyUri { get; init; }
    public string? JwksUri { get; init; }

    /// <summary>A JWK set in JSON.</summary>
    public string? Jwks { get; init; }
    public string? TokenEndpointAuthSigningAlg { get; init; }

    /// <summary>Whether the metadata tries to bring a secret of its own.</summary>
    public bool BringsSecret { get; init; }

    /// <summary>
    /// The metadata with every default filled in, or why it is refused: <c>invalid_redirect_uri</c> or
    /// <c>invalid_client_metadata</c>. An omitted <c>grant_types</c> means both, since every MCP client refreshes; an
    /// omitted <c>token_endpoint_auth_method</c> is <c>client_secret_basic</c> (RFC 7591 §2).
    /// </summary>
    /// <param name="allowLoopback">Whether its links may lead to this machine, for development.</param>
    public Result<ClientMetadata> Check(IReadOnlyCollection<string> knownSchemes, bool allowLoopback = false)
    {
        if (ClientMetadataRules.RefuseRedirectUris(this, knownSchemes) is { } uriRefusal)
            return uriRefusal;

        // RFC 7591 §2: a client lists what it can do and demands nothing, so it gets the part that is served here.
        var grantTypes = (GrantTypes ?? Clients.GrantTypes.SelfService).Intersect(Clients.GrantTypes.SelfService).ToList();
        if (!grantTypes.Contains(Clients.GrantTypes.AuthorizationCode))
            return OAuthError.InvalidClientMetadata("grant_types must hold authorization_code.");
        if (ResponseTypes?.Contains("code") == false)
            return OAuthError.InvalidClientMetadata("response_types must hold code.");
        if (ApplicationType is not (null or "native" or "web"))
            return OAuthError.InvalidClientMetadata("application_type must be native or web.");
        var methods = (TokenEndpointAuthMethodsSupported ?? [])
            .Prepend(TokenEndpointAuthMethod ?? AuthMethods.ClientSecretBasic)
            .Intersect(AuthMethods.Supported)
            .ToList();
        if (methods.Count == 0)
            return OAuthError.InvalidClientMetadata("token_endpoint_auth_method is not supported.");
        if (ClientMetadataRules.RefuseKeys(this, methods[0]) is { } keyRefusal)
            return keyRefusal;
        if (ClientMetadataRules.RefuseLinks(this, allowLoopback) is { } linkRefusal)
            return linkRefusal;

        return this with
        {
            GrantTypes = grantTypes,
            ResponseTypes = ["code"],
            TokenEndpointAuthMethod = methods[0],
            TokenEndpointAuthMethodsSupported = methods[1..],
            ApplicationType = ApplicationType ?? (RedirectUris!.All(IsNative) ? "native" : "web"),
        };
    }

    /// <summary>
    /// The metadata of the document at <paramref name="url"/>, or why it is refused: it names itself exactly, has a
    /// name and no secret, and passes all that a registration has to (client-id metadata document draft §4.1).
    /// </summary>
    public Result<ClientMetadata> CheckDocument(string url, IReadOnlyCollection<string> knownSchemes, bool allowLoopback = false)
    {
        if (!string.Equals(ClientId, url, StringComparison.Ordinal))
            return OAuthError.InvalidClientMetadata("client_id differs from the URL of the document.");
        if (string.IsNullOrWhiteSpace(ClientName))
            return OAuthError.InvalidClientMetadata("client_name is missing.");
        if (BringsSecret)
            return OAuthError.InvalidClientMetadata("A metadata document has no client_secret.");
        var methods = (TokenEndpointAuthMethodsSupported ?? [])
            .Prepend(TokenEndpointAuthMethod ?? AuthMethods.None)
            .Where(method => method is AuthMethods.None or AuthMethods.PrivateKeyJwt)
            .Distinct()
            .ToList();
        if (methods.Count == 0)
            return OAuthError.InvalidClientMetadata("token_endpoint_auth_method must be none or private_key_jwt.");
        return (this with { TokenEndpointAuthMethod = methods[0], TokenEndpointAuthMethodsSupported = methods[1..], Scope = null }).Check(
            knownSchemes,
            allowLoopback
        );
    }

    private static bool IsNative(string redirectUri) =>
        RedirectUri.IsLoopback(redirectUri) || !redirectUri.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The client that this describes, once it is checked.</summary>
    public Client ToClient(string id, ClientOrigin origin, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Origin = origin,
            Name = ClientName,
            RedirectUris = RedirectUris!,
            GrantTypes = GrantTypes!,
            TokenEndpointAuthMethod = TokenEndpointAuthMethod!,
            OtherAuthMethods = TokenEndpointAuthMethodsSupported ?? [],
            ApplicationType = ApplicationType,
            ClientUri = ClientUri,
            Jwks = Jwks,
            JwksUri = JwksUri,
            AssertionAlgorithm = TokenEndpointAuthSigningAlg,
            CreatedAt = now,
        };
}
