namespace OAuthMcp.Api.Configuration;

internal record UpstreamProviderOptions
{
    public string? Name { get; init; }
    public string? Provider { get; init; }
    public string? DisplayName { get; init; }
    public string? BaseUrl { get; init; }
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public string[]? Scopes { get; init; }
    public Dictionary<string, string> Parameters { get; init; } = [];
    public string[] AllowedUsers { get; init; } = [];
    public string[] AllowedGroups { get; init; } = [];
    public string[] AllowedEmailDomains { get; init; } = [];
}
