namespace OAuthMcp.Client.OAuth;

/// <summary>
/// What an MCP server says about itself (RFC 9728 §2). Nothing in it is trusted before <see cref="Discovery"/> has looked at it.
/// </summary>
internal sealed record ResourceMetadata
{
    public string? Resource { get; init; }
    public string? ResourceName { get; init; }
    public string[] AuthorizationServers { get; init; } = [];
    public string[]? ScopesSupported { get; init; }
}

/// <summary>What an authorization server says about itself (RFC 8414 §2, OpenID Connect Discovery §3).</summary>
internal sealed record ServerMetadata
{
    public string? Issuer { get; init; }
    public string? AuthorizationEndpoint { get; init; }
    public string? TokenEndpoint { get; init; }
    public string? RegistrationEndpoint { get; init; }
    public string? RevocationEndpoint { get; init; }
    public string[]? ScopesSupported { get; init; }
    public string[]? CodeChallengeMethodsSupported { get; init; }

    /// <summary>RFC 8414 §2 names the default.</summary>
    public string[] TokenEndpointAuthMethodsSupported { get; init; } = ["client_secret_basic"];

    /// <summary>Client-id metadata document draft §5.</summary>
    public bool ClientIdMetadataDocumentSupported { get; init; }

    /// <summary>RFC 9207 §3.</summary>
    public bool AuthorizationResponseIssParameterSupported { get; init; }
}
