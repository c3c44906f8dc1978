namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>By what a transaction is found again when its COMMIT was not answered.</summary>
/// <param name="Id">The row that it leaves.</param>
/// <param name="Number">What PostgreSQL calls it while it is open. After a crash another one may be called so.</param>
/// <param name="Session">The process of PostgreSQL that runs it.</param>
internal readonly record struct CommitMark(Guid Id, string Number, int Session);
