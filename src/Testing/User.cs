namespace OAuthMcp.Testing;

/// <summary>An account with a password.</summary>
internal sealed record User(string Name, string Password);
