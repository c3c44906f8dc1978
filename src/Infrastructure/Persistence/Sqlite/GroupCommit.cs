using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Commits waiting work together, since a durable commit waits once for the disk however much it holds. Each piece is whole or not
/// at all, and its caller is answered when it is on the disk.
/// </summary>
internal sealed class GroupCommit(string connectionString, WriteQueue queue)
{
    private const int MostAtOnce = 256; // so that other writers get their turn
    private const string Unit = "unit";

    private readonly ConcurrentQueue<IGroupedWork> waiting = new();
    private int isRunning;

    /// <exception cref="WriterBusyException">It took too long, or too many wait.</exception>
    public Task<T> RunAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct) =>
        Instruments.Source.HasListeners() ? TraceAsync(model, work, ct) : EnterAsync(model, work, ct);

    // From the place in the queue to the commit on the disk.
    private async Task<T> TraceAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    {
        using var span = Instruments.Source.StartActivity("sqlite write", ActivityKind.Client)?.SetTag("db.system.name", "sqlite");
        return await EnterAsync(model, work, ct);
    }

    private Task<T> EnterAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    {
        var grouped = new GroupedWork<T>(queue.Enter(), model, work, ct);
        waiting.Enqueue(grouped);
        if (Interlocked.Exchange(ref isRunning, 1) == 0)
            _ = Task.Run(WorkOffAsync, CancellationToken.None);
        return grouped.Answer;
    }

    private async Task WorkOffAsync()
    {
        do
        {
            while (!waiting.IsEmpty)
                await CommitNextAsync();
            Volatile.Write(ref isRunning, 0);
        } while (!waiting.IsEmpty && Interlocked.Exchange(ref isRunning, 1) == 0);
    }

    private async Task CommitNextAsync()
    {
        List<IGroupedWork> group = [];
        var isOurTurn = false;
        try
        {
            if (!(isOurTurn = await TryWaitAsync(time => queue.TryTakeTurnAsync(time, CancellationToken.None))))
                return;
            await using var connection = new SqliteConnection(connectionString);
            connection.Open();
            SqliteTransaction? transaction = null;
            if (!await TryWaitAsync(async _ => (transaction = WriteLock.TryBegin(connection)) is not null || await PauseAsync()))
                return;
            await using (transaction)
                await CommitAsync(transaction!, group);
            group.ForEach(work => work.Succeed());
        }
        catch (Exception failure)
        {
            // Whatever failed, nothing of the group is on the disk for certain, and each caller is told so.
            if (group.Count == 0 && waiting.TryDequeue(out var next))
                group.Add(next);
            group.ForEach(work => work.Fail(failure));
        }
        finally
        {
            if (isOurTurn)
                queue.EndTurn();
        }
    }

    private async Task CommitAsync(SqliteTransaction transaction, List<IGroupedWork> group)
    {
        while (group.Count < MostAtOnce && waiting.TryDequeue(out var work))
        {
            group.Add(work);
            transaction.Save(Unit);
            if (!await work.TryRunAsync(transaction))
                transaction.Rollback(Unit);
            transaction.Release(Unit);
        }

        WriteLock.ThrowIfMoved(transaction.Connection!);
        transaction.Commit();
    }

    private static async Task<bool> PauseAsync()
    {
        await Task.Delay(WriteLock.Pause);
        return false;
    }

    /// <summary>Tries until it succeeds. Callers who have waited long enough meanwhile are refused; false when none is left.</summary>
    private async Task<bool> TryWaitAsync(Func<TimeSpan, Task<bool>> tryOnceAsync)
    {
        while (waiting.TryPeek(out var first))
        {
            if (first.Left > TimeSpan.Zero)
            {
                if (await tryOnceAsync(first.Left))
                    return true;
            }
            else if (waiting.TryDequeue(out var late))
            {
                late.Fail(new WriterBusyException("The database's writer was not free in time."));
            }
        }

        return false;
    }
}
