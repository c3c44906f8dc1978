namespace OAuthMcp.Api.Mcp;

/// <summary>An HTTP client of a program of one's own, which calls the API behind.</summary>
internal sealed record ApiClient(string Name);
