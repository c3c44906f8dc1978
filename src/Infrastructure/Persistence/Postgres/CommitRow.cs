namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>Written with each transaction, and so there when it was committed, whatever became of the answer.</summary>
/// <param name="Id">Of version 7 (RFC 9562 §5.7), so that its order says when it was made.</param>
internal sealed record CommitRow(Guid Id);
