using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Finds out what became of a transaction whose COMMIT was not answered, so that nothing has to be done twice. Each leaves a row,
/// which is there exactly when it was committed: its number says less, since PostgreSQL gives it away again after a crash.
/// </summary>
internal sealed class Outcomes(NpgsqlDataSource source, TimeProvider time, ILogger<Outcomes> log)
{
    /// <summary>Within this time after COMMIT was sent there is an answer, and a little more than half a second to look it up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.8);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public Guid NewMark() => Guid.CreateVersion7(time.GetUtcNow());

    /// <summary>Marks an open transaction, as its last statement.</summary>
    public async Task<CommitMark> MarkAsync(DbTransaction transaction, CancellationToken ct)
    {
        var id = NewMark();
        await using var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (
            transaction,
            "INSERT INTO \"Commits\" (\"Id\") VALUES (@id) RETURNING pg_current_xact_id()::text, pg_backend_pid()"
        );
        command.Parameters.Add(new NpgsqlParameter("id", id));
        await using var answer = await command.ExecuteReaderAsync(ct);
        await answer.ReadAsync(ct);
        return new CommitMark(id, answer.GetString(0), answer.GetInt32(1));
    }

    /// <summary>Whether it was committed for certain. False where it was not, and where nobody can say in time.</summary>
    /// <param name="since">When COMMIT was sent.</param>
    public Task<bool> IsCommittedAsync(CommitMark mark, long since) =>
        LookUpAsync((connection, ct) => FindEndAsync(connection, mark, ct), mark.Id, since);

    /// <summary>Whether a change that leaves this mark was made, in the same way. Where it was not, it will not be.</summary>
    /// <param name="since">When it was sent.</param>
    public Task<bool> IsChangedAsync(Guid mark, long since)
    {
        var ended = NewMark();
        return LookUpAsync((connection, ct) => EndAsync(connection, mark, ended, ct), mark, since);
    }

    private async Task<bool> LookUpAsync(Func<NpgsqlConnection, CancellationToken, Task<bool?>> findEnd, Guid mark, long since)
    {
        var left = Patience - Stopwatch.GetElapsedTime(since);
        using var end = new CancellationTokenSource(left > LeastPatience ? left : LeastPatience);
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(end.Token);
                if (await findEnd(connection, end.Token) is { } isCommitted)
                {
                    log.LogWarning("COMMIT of transaction {Mark} was not answered; it was done: {IsCommitted}", mark, isCommitted);
                    return isCommitted;
                }
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or SocketException or OperationCanceledException)
            {
                // A connection of the pool that was lost too, or a server that starts again.
                if (end.IsCancellationRequested)
                {
                    log.LogError(failure, "COMMIT of transaction {Mark} was not answered, and cannot be looked up", mark);
                    return false;
                }
            }

            await Task.Delay(Pause);
        }
    }

    // One that is still open has not heard COMMIT. It is ended, or it would hold its locks and could be committed later. Only when it
    // is over does its row say how it ended.
    private static async Task<bool?> FindEndAsync(NpgsqlConnection connection, CommitMark mark, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT COUNT(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity
                WHERE pid = @session AND backend_xid = xid(@number::xid8);
            SELECT EXISTS (SELECT 1 FROM "Commits" WHERE "Id" = @id)
            """,
            connection
        );
        command.Parameters.AddWithValue("session", mark.Session);
        command.Parameters.AddWithValue("number", mark.Number);
        command.Parameters.AddWithValue("id", mark.Id);
        await using var answer = await command.ExecuteReaderAsync(ct);
        await answer.ReadAsync(ct);
        var isOpen = answer.GetBoolean(0);
        await answer.NextResultAsync(ct);
        await answer.ReadAsync(ct);
        return isOpen ? null : answer.GetBoolean(0);
    }

    // Whatever still runs it, or will, cannot leave a mark that is there: it waits for this one, or this one for it. A second mark says
    // who was first, since this statement may be lost as well and is sent again then.
    private static async Task<bool?> EndAsync(NpgsqlConnection connection, Guid mark, Guid ended, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH first AS (INSERT INTO "Commits" ("Id") VALUES (@mark) ON CONFLICT DO NOTHING RETURNING 1)
            INSERT INTO "Commits" ("Id") SELECT @ended WHERE EXISTS (SELECT 1 FROM first);
            SELECT NOT EXISTS (SELECT 1 FROM "Commits" WHERE "Id" = @ended)
            """,
            connection
        );
        command.Parameters.AddWithValue("mark", mark);
        command.Parameters.AddWithValue("ended", ended);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
