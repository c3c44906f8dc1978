namespace OAuthMcp.Api.Mcp;

/// <summary>Marks an endpoint that serves nobody without an access token.</summary>
internal sealed record RequiresToken;
