namespace OAuthMcp.Api.Http;

/// <summary>Marks an endpoint whose requests say nothing about anybody, such as a style sheet's: their lines are for debugging.</summary>
internal sealed record Quiet;
