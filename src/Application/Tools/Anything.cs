namespace OAuthMcp.Application.Tools;

/// <summary>What arrived at <c>/anything</c>, as it says itself.</summary>
public sealed record Anything(
    string Method,
    string Url,
    IReadOnlyDictionary<string, string> Args,
    IReadOnlyDictionary<string, string> Headers
);
