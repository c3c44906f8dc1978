using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Persistence.Revocations;
using OAuthMcp.Infrastructure.Persistence.Sqlite.Model;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

internal static class SqliteServices
{
    /// <summary>
    /// For how many seconds a reader waits for a locked file. With the write-ahead log readers do not wait for the writer, except
    /// for moments when the log is made or moved into the database.
    /// </summary>
    private const int ReadPatience = 1;

    /// <summary>A SQLite file, with the queue in front of its writer.</summary>
    public static IServiceCollection AddSqlite(this IServiceCollection services, string connectionString, int places, TimeSpan patience)
    {
        var address = new SqliteConnectionStringBuilder(connectionString)
        {
            DefaultTimeout = ReadPatience,
            ForeignKeys = true,
        }.ConnectionString;
        services.AddSingleton(_ => new WriteQueue(places, patience));
        services.AddSingleton(provider => new GroupCommit(
            provider.GetRequiredService<PreparedConnections>(),
            provider.GetRequiredService<WriteQueue>()
        ));
        services.AddSingleton(_ => new PreparedConnections(address));
        services.AddSingleton<QueuedTransactions>().AddSingleton<QueuedStatements>();
        services.AddSingleton(_ => SqliteFactory.Instance.CreateDataSource(address));
        services.AddSingleton(_ => new RevocationSource(SqliteFactory.Instance.CreateDataSource(address)));
        services.AddScoped<IDatabaseEngine, SqliteEngine>();
        return services.AddDbContextPool<OAuthDbContext, SqliteOAuthDbContext>(
            (provider, options) =>
                options
                    .UseSqlite(address)
                    .UseModel(SqliteOAuthDbContextModel.Instance) // found by the attribute of the assembly otherwise, each time
                    .UseQuietStatements()
                    .AddInterceptors(provider.GetRequiredService<QueuedTransactions>(), provider.GetRequiredService<QueuedStatements>())
                    .ReplaceService<IRelationalTransactionFactory, QueuedTransactionFactory>()
        );
    }
}
