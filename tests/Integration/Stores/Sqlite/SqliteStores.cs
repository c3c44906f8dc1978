using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Stores.Sqlite;

/// <summary>SQLite, in a file of its own.</summary>
public sealed class SqliteStores : StoreFixture
{
    private readonly DataDirectory data = new(
        Path.Combine(Path.GetTempPath(), "oauthmcp-tests", Path.GetRandomFileName()),
        holdsDatabase: true
    );

    /// <summary>Of the queue in front of the writer; 0 for no limit.</summary>
    internal int Places { get; init; }

    /// <summary>How long a writer waits: here longer than any test machine stalls.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    internal string Database => data.Database;

    protected override void AddStores(IServiceCollection services)
    {
        services.AddAuthorizationServerStores(data, database: null, certificates: [], passwordChecks: 0, writeQueue: Places);
        services.AddSingleton(_ => new WriteQueue(Places, Patience));
    }

    /// <summary>Has the write lock as another process would, until it is disposed.</summary>
    internal async Task<IAsyncDisposable> HoldLockAsync()
    {
        var address = await InAsync((OAuthDbContext db) => Task.FromResult(db.Database.GetConnectionString()!));
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Rows.Ct);
        connection.BeginTransaction(deferred: false); // rolled back when the connection is closed
        return connection;
    }

    internal void MoveFile() => File.Move(Database, Database + ".gone");

    internal void MoveFileBack() => File.Move(Database + ".gone", Database);

    protected override void Remove()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(data.Path, recursive: true);
    }
}
