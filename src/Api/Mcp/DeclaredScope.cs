namespace OAuthMcp.Api.Mcp;

/// <summary>What a program says of a scope that its tools require.</summary>
internal sealed record DeclaredScope(string Name, string Sentence, ScopeRisk Risk);
