namespace OAuthMcp.Api.Mcp;

/// <summary>What the tools behind a scope may do beside reading, which the consent page marks.</summary>
public enum ScopeRisk
{
    /// <summary>What the tools say of themselves: <c>ReadOnly</c> and <c>Destructive</c>.</summary>
    OfTools,

    /// <summary>They only read.</summary>
    Reads,

    /// <summary>They can change things.</summary>
    Writes,

    /// <summary>They can delete things.</summary>
    Destroys,
}
