namespace OAuthMcp.Api.Configuration;

/// <summary>One entry of <c>OAuth:Clients</c>; the command line takes the same.</summary>
internal sealed record ClientOptions
{
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string? Jwks { get; init; }
    public string? ClientName { get; init; }
    public string[] RedirectUris { get; init; } = [];
    public string[]? GrantTypes { get; init; }
    public string[] Scopes { get; init; } = [];
    public string? TokenEndpointAuthMethod { get; init; }
}
