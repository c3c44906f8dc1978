using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

internal static class SqliteServices
{
    /// <summary>
    /// How long a reader sleeps for a file that somebody has to himself, in seconds. With the write-ahead log readers wait for
    /// no writer; this is for the moments when the log is made or folded in.
    /// </summary>
    private const int ReadPatience = 1;

    /// <summary>The database in a SQLite file, with the queue in front of its writer.</summary>
    public static IServiceCollection AddSqlite(this IServiceCollection services, string connectionString, int places, TimeSpan patience)
    {
        var address = new SqliteConnectionStringBuilder(connectionString)
        {
            DefaultTimeout = ReadPatience,
            ForeignKeys = true,
        }.ConnectionString;
        services.AddSingleton(_ => new WriteQueue(places, patience));
        services.AddSingleton(provider => new GroupCommit(address, provider.GetRequiredService<WriteQueue>()));
        services.AddSingleton<QueuedTransactions>().AddSingleton<QueuedStatements>();
        return services.AddDbContext<OAuthDbContext, SqliteOAuthDbContext>(
            (provider, options) =>
                options
                    .UseSqlite(address)
                    .AddInterceptors(provider.GetRequiredService<QueuedTransactions>(), provider.GetRequiredService<QueuedStatements>())
                    .ReplaceService<IRelationalTransactionFactory, QueuedTransactionFactory>()
        );
    }
}
