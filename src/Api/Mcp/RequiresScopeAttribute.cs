using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>The scope that a token needs for this tool. A tool without it needs <c>mcp.read</c>, as the endpoint does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresScopeAttribute(string scope) : Attribute
{
    public ScopeSet Scope { get; } = ScopeSet.Of(scope);
}
