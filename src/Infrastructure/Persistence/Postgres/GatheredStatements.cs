using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Statements of many requests in one round trip. A batch without BEGIN is one transaction, which waits for the disk once; so reads and
/// changes are kept apart, or a read could find what is undone later.
/// </summary>
internal sealed class GatheredStatements
{
    private readonly Gathering<ReadStatement, object?> reads;
    private readonly Gathering<ChangeStatement, bool> changes;
    private readonly NpgsqlDataSource source;
    private readonly LoneStatements alone;

    public GatheredStatements(NpgsqlDataSource source, LoneStatements alone)
    {
        (this.source, this.alone) = (source, alone);
        reads = new(PostgresServices.Patience, hasOutcome: false, ReadAsync);
        changes = new(PostgresServices.Patience / 2, hasOutcome: true, ChangeAsync); // and a request still ends within its time
    }

    /// <inheritdoc cref="LoneStatements.ReadAsync"/>
    public async Task<T?> ReadAsync<T>(ReadStatement statement, CancellationToken ct)
        where T : class => (T?)await reads.AskAsync(statement, ct);

    /// <inheritdoc cref="LoneStatements.TryChangeAsync"/>
    public Task<bool> TryChangeAsync(ChangeStatement statement, CancellationToken ct) => changes.AskAsync(statement, ct);

    private async Task ReadAsync(IReadOnlyList<Gathered<ReadStatement, object?>> group)
    {
        if (group is [var only])
        {
            await only.AnswerByAsync(alone.ReadAsync);
            return;
        }

        try
        {
            var answers = new List<Action>(group.Count);
            await using (var connection = await source.OpenConnectionAsync())
            {
                await using var batch = Batch(connection, group.Select(one => (one.Statement.Text, one.Statement.Values)));
                await using var reader = await batch.ExecuteReaderAsync();
                foreach (var one in group)
                {
                    answers.Add(await reader.ReadAsync() ? AnswerOf(one, reader) : () => one.Succeed(null));
                    await reader.NextResultAsync();
                }
            }

            answers.ForEach(answer => answer());
        }
        catch (PostgresException failure) when (IsOfOne(failure))
        {
            await Task.WhenAll(group.Select(one => one.AnswerByAsync(alone.ReadAsync)));
        }
    }

    // A row that cannot be understood is the failure of whoever asked for it.
    private static Action AnswerOf(Gathered<ReadStatement, object?> one, DbDataReader reader)
    {
        try
        {
            var row = one.Statement.Read(reader);
            return () => one.Succeed(row);
        }
        catch (Exception failure) when (failure is not (DbException or IOException))
        {
            return () => one.Fail(failure);
        }
    }

    private async Task ChangeAsync(IReadOnlyList<Gathered<ChangeStatement, bool>> group)
    {
        if (group is [var only])
        {
            await only.AnswerByAsync(alone.TryChangeAsync);
            return;
        }

        // In one order everywhere, since each keeps its row until the end of all: two servers would wait for each other.
        var ordered = group.OrderBy(one => one.Statement.Key, StringComparer.Ordinal).ToList();
        var connection = await source.OpenConnectionAsync();
        var since = Stopwatch.GetTimestamp();
        try
        {
            await using (connection)
            {
                await using var batch = Batch(connection, ordered.Select(one => (one.Statement.Text, one.Statement.Values)));
                await batch.ExecuteNonQueryAsync();
                for (var index = 0; index < ordered.Count; index++)
                    ordered[index].Succeed(batch.BatchCommands[index].RecordsAffected > 0);
            }
        }
        catch (PostgresException failure) when (IsOfOne(failure))
        {
            await Task.WhenAll(group.Select(one => one.AnswerByAsync(alone.TryChangeAsync))); // nothing was done
        }
        catch (Exception failure) when (failure is not PostgresException)
        {
            await Task.WhenAll(group.Select(one => one.AnswerByAsync(change => alone.IsChangedAsync(change, since, failure))));
        }
    }

    // Not where an operator intervened (class 57): whatever took too long would not be quicker the next time, and a server that is being
    // stopped may have committed before it said so.
    private static bool IsOfOne(PostgresException failure) => !failure.SqlState.StartsWith("57", StringComparison.Ordinal);

    private static NpgsqlBatch Batch(
        NpgsqlConnection connection,
        IEnumerable<(string Text, (RelationalTypeMapping? Mapping, object? Value)[] Values)> statements
    )
    {
        var batch = connection.CreateBatch();
        using var filled = connection.CreateCommand();
        foreach (var (text, values) in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = text;
            StatementValues.Fill(command, values, filled);
            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}
