namespace OAuthMcp.Api.Configuration;

/// <summary>One entry of <c>Mcp:Scopes</c>. The name is a value, since scopes may hold the colon that separates keys.</summary>
internal sealed record ScopeSentence
{
    public const int MaxLength = 200;

    public string? Name { get; init; }
    public string? Sentence { get; init; }
}
