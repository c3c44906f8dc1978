using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Clients;

/// <summary>Why a member of <see cref="ClientMetadata"/> is refused, each by its name; null where it is not.</summary>
internal static class ClientMetadataRules
{
    public static OAuthError? RefuseRedirectUris(ClientMetadata metadata, IReadOnlyCollection<string> knownSchemes)
    {
        if (metadata.RedirectUris is not { Count: > 0 and <= ClientMetadata.MaxRedirectUris })
            return OAuthError.InvalidRedirectUri(
                $"redirect_uris must have 1 to {ClientMetadata.MaxRedirectUris} members and has {metadata.RedirectUris?.Count ?? 0}."
            );
        foreach (var (index, uri) in metadata.RedirectUris.Index())
            if (RedirectUri.Refuse(uri, knownSchemes) is { } reason)
                return OAuthError.InvalidRedirectUri($"redirect_uris[{index}] is refused: {reason}.");
        return null;
    }

    public static OAuthError? RefuseKeys(ClientMetadata metadata, string method)
    {
        if (method == AuthMethods.None && metadata.BringsSecret)
            return OAuthError.InvalidClientMetadata("token_endpoint_auth_method none goes without a client_secret.");
        if (metadata is { Jwks: not null, JwksUri: not null })
            return OAuthError.InvalidClientMetadata("jwks and jwks_uri exclude each other."); // RFC 7591 §2
        if (metadata.Jwks is { } jwks && ClientKeySet.Refuse(jwks) is { } unusable)
            return OAuthError.InvalidClientMetadata($"jwks cannot be used: {unusable}.");
        if (method == AuthMethods.PrivateKeyJwt && metadata is { Jwks: null, JwksUri: null })
            return OAuthError.InvalidClientMetadata("private_key_jwt needs jwks or jwks_uri.");
        return metadata.TokenEndpointAuthSigningAlg is { } algorithm && !AuthMethods.AssertionAlgorithms.Contains(algorithm)
            ? OAuthError.InvalidClientMetadata("token_endpoint_auth_signing_alg is not supported.")
            : null;
    }

    public static OAuthError? RefuseLinks(ClientMetadata metadata, bool allowLoopback)
    {
        foreach (
            var (name, link) in new[]
            {
                ("client_uri", metadata.ClientUri),
                ("logo_uri", metadata.LogoUri),
                ("tos_uri", metadata.TosUri),
                ("policy_uri", metadata.PolicyUri),
                ("jwks_uri", metadata.JwksUri),
            }
        )
            if (link is not null && !WebUrl.IsPublic(link, allowLoopback))
                return OAuthError.InvalidClientMetadata($"{name} must be an https URL of a public host.");
        return null;
    }
}
