namespace OAuthMcp.Application.Accounts;

/// <param name="Id">Base64url.</param>
public sealed record Passkey(string Id, string? Name, DateTimeOffset CreatedAt);
