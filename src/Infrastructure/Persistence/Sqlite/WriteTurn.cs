using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>The right to write, from the queue to the end of the transaction.</summary>
internal sealed class WriteTurn : IDisposable
{
    private static readonly ConditionalWeakTable<DbTransaction, WriteTurn> Turns = [];

    private readonly WriteQueue queue;
    private readonly WriteQueue.Place place;
    private int isOver;

    private WriteTurn(WriteQueue queue, WriteQueue.Place place) => (this.queue, this.place) = (queue, place);

    /// <summary>Waits for the turn and for other processes, and begins a transaction that can write.</summary>
    /// <exception cref="WriterBusyException">It took too long, or too many wait.</exception>
    public static async Task<SqliteTransaction> BeginAsync(WriteQueue queue, SqliteConnection connection, CancellationToken ct)
    {
        var place = queue.Enter();
        try
        {
            if (!await queue.TryTakeTurnAsync(place.Left, ct))
                throw new WriterBusyException("The database's writer was not free in time.");
        }
        catch
        {
            place.Dispose();
            throw;
        }

        var turn = new WriteTurn(queue, place);
        try
        {
            while (true)
            {
                if (WriteLock.TryBegin(connection) is { } transaction)
                {
                    Turns.Add(transaction, turn);
                    return transaction;
                }

                if (place.Left <= TimeSpan.Zero)
                    throw new WriterBusyException("Another process held the database's writer.");
                await Task.Delay(WriteLock.Pause, ct);
            }
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>The turn that a transaction began with; null when it began outside of the queue.</summary>
    public static WriteTurn? Of(DbTransaction transaction) => Turns.TryGetValue(transaction, out var turn) ? turn : null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0)
            return;
        place.Dispose();
        queue.EndTurn();
    }
}
