using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Commits waiting work together, since a durable commit waits once for the disk however much it holds. Each piece is whole or not
/// at all, and its caller is answered when it is on the disk. A thread of its own waits for the disk, so that none is kept from
/// requests.
/// </summary>
internal sealed class GroupCommit : IDisposable
{
    private const int MostAtOnce = 256; // so that other writers get their turn

    private readonly BlockingCollection<IGroupedWork> waiting = [];
    private readonly Lazy<Thread> thread;
    private readonly PreparedConnections connections;
    private readonly WriteQueue queue;

    public GroupCommit(PreparedConnections connections, WriteQueue queue)
    {
        (this.connections, this.queue) = (connections, queue);
        thread = new(() =>
        {
            var worker = new Thread(WorkOff) { IsBackground = true, Name = "SQLite writer" };
            worker.UnsafeStart();
            return worker;
        });
    }

    /// <exception cref="WriterBusyException">It took too long, or too many wait.</exception>
    public Task<T> RunAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct) =>
        Instruments.Source.HasListeners() ? TraceAsync(model, work, ct) : EnterAsync(model, work, ct);

    /// <summary>Does what waits.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        if (thread.IsValueCreated)
            thread.Value.Join();
        waiting.Dispose();
    }

    // From the place in the queue to the commit on the disk.
    private async Task<T> TraceAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    {
        using var span = Instruments.Source.StartActivity("sqlite write", ActivityKind.Client)?.SetTag("db.system.name", "sqlite");
        return await EnterAsync(model, work, ct);
    }

    private Task<T> EnterAsync<T>(IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    {
        var grouped = new GroupedWork<T>(queue.Enter(), model, work, ct);
        _ = thread.Value;
        waiting.Add(grouped, CancellationToken.None);
        return grouped.Answer;
    }

    private void WorkOff()
    {
        foreach (var first in waiting.GetConsumingEnumerable())
            CommitWith(first);
    }

    private void CommitWith(IGroupedWork first)
    {
        List<IGroupedWork> group = [first];
        var isOurTurn = false;
        try
        {
            if (!(isOurTurn = queue.TryTakeTurn(first.Left)))
                throw new WriterBusyException("The database's writer was not free in time.");
            connections.Use(connection =>
            {
                using var transaction = Begin(connection.Connection, first);
                Commit(transaction, connection, group);
                return true;
            });
            group.ForEach(work => work.Succeed());
        }
        catch (Exception failure)
        {
            // Whatever failed, nothing of the group is on the disk for certain, and each caller is told so.
            group.ForEach(work => work.Fail(failure));
        }
        finally
        {
            if (isOurTurn)
                queue.EndTurn();
        }
    }

    private static SqliteTransaction Begin(SqliteConnection connection, IGroupedWork first)
    {
        while (true)
        {
            if (WriteLock.TryBegin(connection) is { } transaction)
                return transaction;
            if (first.Left <= TimeSpan.Zero)
                throw new WriterBusyException("Another process held the database's writer.");
            Thread.Sleep(WriteLock.Pause);
        }
    }

    private void Commit(SqliteTransaction transaction, PreparedConnection connection, List<IGroupedWork> group)
    {
        for (var index = 0; index < group.Count; index++)
        {
            Run("SAVEPOINT unit");
            if (!group[index].TryRun(transaction, connection))
                Run("ROLLBACK TO unit");
            Run("RELEASE unit");
            if (group.Count < MostAtOnce && waiting.TryTake(out var next))
                group.Add(next);
        }

        WriteLock.ThrowIfMoved(connection.Connection);
        transaction.Commit();

        void Run(string statement)
        {
            var command = connection.Of(statement);
            command.Transaction = transaction;
            command.ExecuteNonQuery();
        }
    }
}
