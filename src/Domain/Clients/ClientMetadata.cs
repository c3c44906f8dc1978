using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>
/// What a registration request asserts of a client, as it was sent (RFC 7591 §2). <see cref="Check"/> applies the
/// RFC's defaults and this server's rules; what is not listed here is ignored, so that a registration cannot set it.
/// </summary>
public sealed record ClientMetadata
{
    public const int MaxRedirectUris = 10;

    public IReadOnlyList<string>? RedirectUris { get; init; }
    public IReadOnlyList<string>? GrantTypes { get; init; }
    public IReadOnlyList<string>? ResponseTypes { get; init; }
    public string? TokenEndpointAuthMethod { get; init; }
    public string? ClientName { get; init; }
    public string? ClientUri { get; init; }
    public string? ApplicationType { get; init; }
    public string? Scope { get; init; }

    /// <summary>
    /// The metadata with every default filled in, or why it is refused: <c>invalid_redirect_uri</c> or
    /// <c>invalid_client_metadata</c>. An omitted <c>grant_types</c> means both, since every MCP client refreshes; an
    /// omitted <c>token_endpoint_auth_method</c> is <c>client_secret_basic</c> (RFC 7591 §2).
    /// </summary>
    public Result<ClientMetadata> Check(IReadOnlyCollection<string> knownSchemes)
    {
        if (RedirectUris is not { Count: > 0 and <= MaxRedirectUris }) return OAuthError.InvalidRedirectUri("missing, empty or too many");
        foreach (var uri in RedirectUris)
            if (RedirectUri.Refuse(uri, knownSchemes) is { } reason) return OAuthError.InvalidRedirectUri(reason);

        var grantTypes = GrantTypes ?? [Clients.GrantTypes.AuthorizationCode, Clients.GrantTypes.RefreshToken];
        if (grantTypes.Count == 0 || grantTypes.Any(type => type is not (Clients.GrantTypes.AuthorizationCode or Clients.GrantTypes.RefreshToken)))
            return OAuthError.InvalidClientMetadata("grant_types may hold authorization_code and refresh_token.");
        if (!grantTypes.Contains(Clients.GrantTypes.AuthorizationCode)) return OAuthError.InvalidClientMetadata("grant_types must hold authorization_code.");
        if (ResponseTypes is { } responseTypes && responseTypes is not ["code"]) return OAuthError.InvalidClientMetadata("response_types must hold code alone.");

        var method = TokenEndpointAuthMethod ?? AuthMethods.ClientSecretBasic;
        if (!AuthMethods.Supported.Contains(method)) return OAuthError.InvalidClientMetadata("token_endpoint_auth_method is not supported.");
        if (ApplicationType is not (null or "native" or "web")) return OAuthError.InvalidClientMetadata("application_type must be native or web.");
        if (ClientUri is { } clientUri && !IsPublicWebPage(clientUri)) return OAuthError.InvalidClientMetadata("client_uri must be an https URL.");

        return this with
        {
            GrantTypes = [.. grantTypes.Distinct()],
            ResponseTypes = ["code"],
            TokenEndpointAuthMethod = method,
            ApplicationType = ApplicationType ?? (RedirectUris.All(IsNative) ? "native" : "web"),
        };
    }

    private static bool IsNative(string redirectUri) => RedirectUri.IsLoopback(redirectUri)
        || !redirectUri.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool IsPublicWebPage(string url) => RedirectUri.Refuse(url, []) is null
        && url.StartsWith("https://", StringComparison.Ordinal);
}
