using Microsoft.Data.Sqlite;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>Work of any result, as the group sees it.</summary>
internal interface IGroupedWork
{
    /// <summary>How long its caller goes on waiting.</summary>
    TimeSpan Left { get; }

    /// <summary>False when it failed or is not wanted any more: then nothing of it is to stay.</summary>
    Task<bool> TryRunAsync(SqliteTransaction transaction);

    /// <summary>Tells the caller what it came to, now that it is on the disk.</summary>
    void Succeed();

    void Fail(Exception failure);
}
