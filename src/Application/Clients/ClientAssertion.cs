namespace OAuthMcp.Application.Clients;

/// <summary>What is left to check of a verified assertion: that it is used once.</summary>
internal sealed record ClientAssertion(string JwtId, DateTimeOffset ExpiresAt);
