using Microsoft.Data.Sqlite;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>Work of any result, as the group sees it.</summary>
internal interface IGroupedWork
{
    /// <summary>How much longer its caller waits.</summary>
    TimeSpan Left { get; }

    /// <summary>False when it failed or is not wanted any more, so that nothing of it may stay.</summary>
    bool TryRun(SqliteTransaction transaction, IPreparedStatements prepared);

    /// <summary>Tells the caller the result, now that it is on the disk.</summary>
    void Succeed();

    void Fail(Exception failure);
}
