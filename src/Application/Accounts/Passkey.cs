namespace OAuthMcp.Application.Accounts;

/// <param name="Id">Base64url.</param>
internal sealed record Passkey(string Id, string? Name, DateTimeOffset CreatedAt);
