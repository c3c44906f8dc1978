using System.Diagnostics;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The queue in front of SQLite's one writer, in which a limited number waits for a limited time without holding threads. It uses
/// the time of the machine, since real locks are waited for.
/// </summary>
/// <param name="places">How many may be in it, together with the one that writes; 0 for no limit.</param>
/// <param name="patience">How long each of them waits.</param>
internal sealed class WriteQueue(int places, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private int inside;

    /// <summary>A place in the queue, which the caller gives back.</summary>
    /// <exception cref="WriterBusyException">There is none.</exception>
    public Place Enter()
    {
        if (Interlocked.Increment(ref inside) <= places || places == 0)
            return new Place(this, Stopwatch.GetTimestamp());
        Interlocked.Decrement(ref inside);
        throw new WriterBusyException("Too many wait for the database's writer.");
    }

    /// <summary>Waits in the place for the turn, which ends with <see cref="EndTurn"/>.</summary>
    /// <returns>False when it did not come within that time.</returns>
    public Task<bool> TryTakeTurnAsync(TimeSpan time, CancellationToken ct) =>
        turn.WaitAsync(time < TimeSpan.Zero ? TimeSpan.Zero : time, ct);

    /// <summary>The same for a thread that may wait.</summary>
    public bool TryTakeTurn(TimeSpan time) => turn.Wait(time < TimeSpan.Zero ? TimeSpan.Zero : time);

    public void EndTurn() => turn.Release();

    public void Dispose() => turn.Dispose();

    /// <summary>The place of one writer in the queue.</summary>
    internal sealed class Place(WriteQueue queue, long since) : IDisposable
    {
        private int isGivenBack;

        /// <summary>How much longer its owner waits.</summary>
        public TimeSpan Left => queue.Patience - Stopwatch.GetElapsedTime(since);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isGivenBack, 1) == 0)
                Interlocked.Decrement(ref queue.inside);
        }
    }

    private TimeSpan Patience => patience;
}
