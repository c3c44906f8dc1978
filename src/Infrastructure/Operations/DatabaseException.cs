namespace OAuthMcp.Infrastructure.Operations;

/// <summary>The database is there and must not be used as things are: one sentence says why.</summary>
public sealed class DatabaseException(string message) : Exception(message);
