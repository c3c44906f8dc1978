namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>Authority</c>: an authorization server elsewhere.</summary>
internal sealed record AuthorityOptions
{
    public string? Issuer { get; init; }
    public string[]? Audience { get; init; }
    public string[] TokenTypes { get; init; } = ["at+jwt"];
    public string ScopePrefix { get; init; } = "";
    public string? ClientId { get; init; }
    public string? ClientSecret { get; init; }
    public TimeSpan IntrospectionCache { get; init; } = TimeSpan.FromSeconds(30);
}
