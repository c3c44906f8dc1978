using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Databases as other versions of the program, and accidents, leave them.</summary>
internal static class Databases
{
    private static readonly IServiceProvider Options = new ServiceCollection()
        .Configure<IdentityOptions>(options => options.Stores.SchemaVersion = OAuthDbContext.IdentitySchema)
        .BuildServiceProvider();

    public static SqliteOAuthDbContext Context(SqliteConnection connection) =>
        new(new DbContextOptionsBuilder<SqliteOAuthDbContext>().UseSqlite(connection).UseApplicationServiceProvider(Options).Options);

    /// <summary>The tables on PostgreSQL.</summary>
    public static PostgresOAuthDbContext Context(string address) =>
        new(
            new DbContextOptionsBuilder<PostgresOAuthDbContext>()
                .UseNpgsql(new NpgsqlConnectionStringBuilder(address) { SearchPath = PostgresOAuthDbContext.Schema }.ConnectionString)
                .UseApplicationServiceProvider(Options)
                .Options
        );

    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "oauthmcp.db");

    /// <summary>The database of the first version, whose tables this one has to change.</summary>
    public static async Task MakeOldAsync(string dataDirectory)
    {
        new DataDirectory(dataDirectory, holdsDatabase: true).Prepare();
        await using var connection = new SqliteConnection($"Data Source={FileIn(dataDirectory)};Pooling=False");
        await using var db = Context(connection);
        await db.GetService<IMigrator>().MigrateAsync("Initial", TestContext.Current.CancellationToken);
    }

    public static async Task ExecuteAsync(string dataDirectory, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={FileIn(dataDirectory)};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A lock beside the database, as another process would hold it.</summary>
    public static FileStream Lock(string dataDirectory, string kind) =>
        new($"{FileIn(dataDirectory)}.{kind}", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
