using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>
/// What a registration request or a metadata document asserts of a client, as it was sent (RFC 7591 §2). Checking
/// applies the RFC's defaults and this server's rules; what is not listed here is ignored, so that nobody can set it.
/// </summary>
public sealed record ClientMetadata
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
    public Result<ClientMetadata> Check(IReadOnlyCollection<string> knownSchemes)
    {
        if (CheckRedirectUris(knownSchemes) is { } uriRefusal)
            return uriRefusal;

        // RFC 7591 §2: what a client lists is what it can do, no demand. It gets what of it is served here.
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
        if (CheckKeys(methods[0]) is { } keyRefusal)
            return keyRefusal;
        foreach (
            var (name, page) in new[]
            {
                ("client_uri", ClientUri),
                ("logo_uri", LogoUri),
                ("tos_uri", TosUri),
                ("policy_uri", PolicyUri),
                ("jwks_uri", JwksUri),
            }
        )
            if (page is not null && !WebUrl.IsPublic(page))
                return OAuthError.InvalidClientMetadata($"{name} must be an https URL of a public host.");

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
    public Result<ClientMetadata> CheckDocument(string url, IReadOnlyCollection<string> knownSchemes)
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
            knownSchemes
        );
    }

    private static bool IsNative(string redirectUri) =>
        RedirectUri.IsLoopback(redirectUri) || !redirectUri.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private OAuthError? CheckRedirectUris(IReadOnlyCollection<string> knownSchemes)
    {
        if (RedirectUris is not { Count: > 0 and <= MaxRedirectUris })
            return OAuthError.InvalidRedirectUri(
                $"redirect_uris must have 1 to {MaxRedirectUris} members and has {RedirectUris?.Count ?? 0}."
            );
        foreach (var (index, uri) in RedirectUris.Index())
            if (RedirectUri.Refuse(uri, knownSchemes) is { } reason)
                return OAuthError.InvalidRedirectUri($"redirect_uris[{index}] is refused: {reason}.");
        return null;
    }

    private OAuthError? CheckKeys(string method)
    {
        if (method == AuthMethods.None && BringsSecret)
            return OAuthError.InvalidClientMetadata("token_endpoint_auth_method none goes without a client_secret.");
        if (Jwks is not null && JwksUri is not null)
            return OAuthError.InvalidClientMetadata("jwks and jwks_uri exclude each other."); // RFC 7591 §2
        if (Jwks is not null && ClientKeySet.Refuse(Jwks) is { } unusable)
            return OAuthError.InvalidClientMetadata($"jwks cannot be used: {unusable}.");
        if (method == AuthMethods.PrivateKeyJwt && Jwks is null && JwksUri is null)
            return OAuthError.InvalidClientMetadata("private_key_jwt needs jwks or jwks_uri.");
        return TokenEndpointAuthSigningAlg is null || AuthMethods.AssertionAlgorithms.Contains(TokenEndpointAuthSigningAlg)
            ? null
            : OAuthError.InvalidClientMetadata("token_endpoint_auth_signing_alg is not supported.");
    }

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
