namespace OAuthMcp.Api.Configuration;

/// <summary>One entry of <c>Accounts:Seed</c>.</summary>
internal sealed record SeedAccount
{
    public string? UserName { get; init; }
    public string? Password { get; init; }
}
