namespace OAuthMcp.Application.Tools;

/// <summary>What arrived at <c>/anything</c>, in the words of its answer.</summary>
internal sealed record Anything(
    string Method,
    string Url,
    IReadOnlyDictionary<string, string> Args,
    IReadOnlyDictionary<string, string> Headers
);
