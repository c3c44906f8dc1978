namespace OAuthMcp.Api.Http;

/// <summary>
/// Marks an endpoint whose requests say nothing about anybody, such as a style sheet. They are logged for debugging only.
/// </summary>
internal sealed record Quiet;
