using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OAuthMcp.Infrastructure.Persistence.Postgres.Model;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

internal static class PostgresServices
{
    /// <summary>How long a database server is waited for, each time, so that a request ends within three seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A PostgreSQL server. Statements written by hand find its tables by the search path.</summary>
    /// <param name="patience">How long a statement runs, a lock is waited for, or a connection is opened, unless it says so itself.</param>
    public static IServiceCollection AddPostgres(this IServiceCollection services, string connectionString, TimeSpan patience)
    {
        var address = PostgresAddress.WithBudgets(connectionString, patience);
        services.AddSingleton(provider =>
            new NpgsqlDataSourceBuilder(address).UseLoggerFactory(provider.GetRequiredService<ILoggerFactory>()).Build()
        );
        services.AddSingleton<DbDataSource>(provider => provider.GetRequiredService<NpgsqlDataSource>());
        services.AddSingleton(_ => new RevocationSource(NpgsqlDataSource.Create(Following(address))));
        services.AddHostedService<RevocationListener>();
        services
            .AddSingleton(_ => new SharedTime(TimeProvider.System))
            .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SharedTime>());
        services
            .AddSingleton<Outcomes>()
            .AddSingleton<LoneStatements>()
            .AddSingleton<GatheredStatements>()
            .AddScoped<IDatabaseEngine, PostgresEngine>();
        services.AddSingleton<IKeyRing, KeyRingTable>();
        return services.AddDbContextPool<OAuthDbContext, PostgresOAuthDbContext>(
            (provider, options) =>
                options
                    .UseModel(PostgresOAuthDbContextModel.Instance) // found by the attribute of the assembly otherwise, each time
                    .UseQuietStatements()
                    .UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>(), npgsql =>
                        npgsql
                            .MigrationsHistoryTable("__EFMigrationsHistory", PostgresOAuthDbContext.Schema)
                            .ExecutionStrategy(dependencies => new RepeatedStatements(dependencies))
                    )
        );
    }

    // One connection that looks and one that listens, which notice within seconds that nobody is at the other end.
    private static string Following(string address) =>
        new NpgsqlConnectionStringBuilder(address)
        {
            ApplicationName = "OAuthMcp revocations",
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = 2,
            CommandTimeout = 2,
            KeepAlive = 5,
        }.ConnectionString;
}
