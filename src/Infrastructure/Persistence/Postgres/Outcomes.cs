using System.Data.Common;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Finds out what became of a transaction whose COMMIT was not answered. PostgreSQL numbers transactions and knows the end of each,
/// so nothing has to be done twice.
/// </summary>
internal sealed class Outcomes(NpgsqlDataSource source, ILogger<Outcomes> log)
{
    /// <summary>Within this time after COMMIT was sent there is an answer, and a little more than half a second to look it up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.8);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The number of an open transaction, by which it is found again.</summary>
    public static async Task<string> NumberOfAsync(DbTransaction transaction, CancellationToken ct)
    {
        await using var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, "SELECT pg_current_xact_id()::text");
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Whether it was committed for certain. False where it was not, and where nobody can say in time.</summary>
    /// <param name="since">When COMMIT was sent.</param>
    public async Task<bool> IsCommittedAsync(string number, long since)
    {
        var left = Patience - Stopwatch.GetElapsedTime(since);
        using var end = new CancellationTokenSource(left > LeastPatience ? left : LeastPatience);
        while (true)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(end.Token);
                if (await FindEndAsync(connection, number, end.Token) is { } isCommitted)
                {
                    log.LogWarning("COMMIT of transaction {Number} was not answered; it was done: {IsCommitted}", number, isCommitted);
                    return isCommitted;
                }
            }
            catch (Exception failure) when (failure is DbException or TimeoutException or SocketException or OperationCanceledException)
            {
                // A connection of the pool that was lost too, or a server that starts again.
                if (end.IsCancellationRequested)
                {
                    log.LogError(failure, "COMMIT of transaction {Number} was not answered, and cannot be looked up", number);
                    return false;
                }
            }

            await Task.Delay(Pause);
        }
    }

    // One that is still open has not heard COMMIT. It is ended, or it would hold its locks and could be committed later.
    private static async Task<bool?> FindEndAsync(NpgsqlConnection connection, string number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT pg_xact_status(@number::xid8),
                (SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_xid = xid(@number::xid8))
            """,
            connection
        );
        command.Parameters.AddWithValue("number", number);
        await using var answer = await command.ExecuteReaderAsync(ct);
        await answer.ReadAsync(ct);
        return answer.IsDBNull(0) ? false
            : answer.GetString(0) is "in progress" ? null
            : answer.GetString(0) is "committed";
    }
}
