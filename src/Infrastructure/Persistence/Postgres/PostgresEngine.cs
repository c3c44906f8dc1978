using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>A database server, which any number of processes may use at once; one of them at a time changes tables.</summary>
internal sealed class PostgresEngine(Lazy<OAuthDbContext> db, NpgsqlDataSource source, SharedTime time, ILogger<PostgresEngine> log)
    : IDatabaseEngine
{
    private const int OldestVersion = 14;
    private const string HasHistory = "SELECT COUNT(to_regclass('\"__EFMigrationsHistory\"'))"; // by the search path
    private static readonly TimeSpan LongestMigration = TimeSpan.FromMinutes(10);

    private static readonly Lazy<IReadOnlyList<string>> Known = new(MigrationHistory.Of<PostgresOAuthDbContext>);

    public IReadOnlyList<string> Migrations => Known.Value;

    public async Task<IReadOnlyList<string>> FindAppliedAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await MigrationHistory.ReadAsync(connection, HasHistory, ct);
    }

    public Task<string> FindPlaceAsync(CancellationToken ct)
    {
        var address = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        return Task.FromResult($"PostgreSQL {address.Database} at {address.Host}");
    }

    public Task<IDisposable?> LockForServerAsync(CancellationToken ct) => Task.FromResult<IDisposable?>(null);

    public async Task<bool> TryMigrateAsync(bool isServer, Func<Task<bool>> isPendingAsync, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        if (!await IsLockedAsync(connection, "SELECT pg_try_advisory_lock(hashtextextended('oauthmcp migration', 0))", ct))
            return false;
        var database = db.Value.Database;
        try
        {
            database.SetCommandTimeout(LongestMigration);
            await database.OpenConnectionAsync(ct);
            await database.ExecuteSqlRawAsync("SET statement_timeout = 0", ct);
            if (await isPendingAsync())
                await database.MigrateAsync(ct);
            return true;
        }
        finally
        {
            database.SetCommandTimeout(null);
            // The pool would keep the setting with the connection.
            if (database.GetDbConnection().State == ConnectionState.Open)
                await database.ExecuteSqlRawAsync("RESET statement_timeout", CancellationToken.None);
            await database.CloseConnectionAsync();
            // The pool would keep the lock with the connection. Where the connection is lost, so is the lock.
            await IsLockedAsync(connection, "SELECT pg_advisory_unlock(hashtextextended('oauthmcp migration', 0))", CancellationToken.None);
        }
    }

    public async Task SetUpAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await time.LearnAsync(connection, log, ct);
    }

    public async Task SetClockAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await time.LearnAsync(connection, log, ct);
    }

    public string? Warning => time.Warning;

    public async Task RunAloneAsync(Func<Task> work, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        if (!await IsLockedAsync(connection, "SELECT pg_try_advisory_lock(hashtextextended('oauthmcp housekeeping', 0))", ct))
            return;
        try
        {
            await work();
        }
        finally
        {
            await IsLockedAsync(
                connection,
                "SELECT pg_advisory_unlock(hashtextextended('oauthmcp housekeeping', 0))",
                CancellationToken.None
            );
        }
    }

    public async Task<string?> FindTroubleAsync(CancellationToken ct)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(ct);
            await using var command = new NpgsqlCommand(
                "SELECT COUNT(*), current_setting('transaction_read_only') FROM \"SigningKeys\"",
                connection
            );
            await using var answer = await command.ExecuteReaderAsync(ct);
            await answer.ReadAsync(ct);
            return answer.GetInt64(0) == 0 ? "There are no signing keys in the database."
                : answer.GetString(1) == "on" ? "The database is read-only."
                : null;
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or SocketException)
        {
            return PostgresTrouble.Describe(failure);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        if (connection.PostgreSqlVersion.Major >= OldestVersion)
            return connection;
        await connection.DisposeAsync();
        throw new DatabaseException($"PostgreSQL {connection.ServerVersion} is too old; {OldestVersion} or newer is supported.");
    }

    private static async Task<bool> IsLockedAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
