namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The database cannot be used as it is. The message is one sentence for the operator.</summary>
internal sealed class DatabaseException(string message) : Exception(message);
