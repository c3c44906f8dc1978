using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The scope that a token needs for this tool. A tool without it needs <c>mcp.read</c>, as the endpoint does.</summary>
/// <param name="sentence">
/// What people allow with it, such as "Delete repositories"; once is enough for a scope. Without one they are shown the tools.
/// </param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresScopeAttribute(string scope, string? sentence = null) : Attribute
{
    /// <summary>One scope or several, all of which are needed.</summary>
    public ScopeSet Scope { get; } = ScopeSet.Of(scope);

    /// <summary>Null where the tools speak for the scope.</summary>
    public string? Sentence { get; } = sentence;
}
