namespace OAuthMcp.Application.Clients;

/// <summary>A client in the words of an operator, who vouches for it in the configuration or on the command line.</summary>
internal sealed record ClientDescription
{
    public string? Name { get; init; }
    public string? Secret { get; init; }
    public string? Jwks { get; init; }
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Null for those that fit the redirect URIs.</summary>
    public IReadOnlyList<string>? GrantTypes { get; init; }

    /// <summary>What a machine may have in its own name.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Null for the one that fits secret and keys.</summary>
    public string? TokenEndpointAuthMethod { get; init; }
}
