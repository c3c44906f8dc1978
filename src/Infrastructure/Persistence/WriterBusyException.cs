namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>The database has one writer, and it was not free in time. Nothing was written; the client may come again.</summary>
internal sealed class WriterBusyException(string message) : TimeoutException(message);
