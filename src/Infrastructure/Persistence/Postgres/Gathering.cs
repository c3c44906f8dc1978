using System.Diagnostics;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// Sends together what comes in while others are on their way, over few connections, which costs this program and the database less.
/// What comes in alone is sent at once.
/// </summary>
/// <param name="patience">How long something waits to be sent, or to be answered.</param>
/// <param name="hasOutcome">Whether that which was sent may have done something, so that its answer is waited for to the end.</param>
/// <param name="send">Answers each of them, or fails for all.</param>
internal sealed class Gathering<TStatement, TAnswer>(
    TimeSpan patience,
    bool hasOutcome,
    Func<IReadOnlyList<Gathered<TStatement, TAnswer>>, Task> send
)
{
    /// <summary>More than one, so that one that waits for a lock does not keep the others waiting.</summary>
    public const int MostGroups = 2;
    private const int MostTogether = 32;

    private readonly Queue<Gathered<TStatement, TAnswer>> waiting = new();
    private int groups;

    /// <exception cref="TimeoutException">It took too long, and nothing was done.</exception>
    public async Task<TAnswer> AskAsync(TStatement statement, CancellationToken ct)
    {
        var one = new Gathered<TStatement, TAnswer>(statement);
        if (Enter(one))
            _ = SendAllAsync();
        try
        {
            return await one.Answer.WaitAsync(patience, ct);
        }
        catch (TimeoutException) when (!one.TryBegin() && hasOutcome)
        {
            return await one.Answer.WaitAsync(ct); // it is on its way, and a statement has its own end
        }
        catch (OperationCanceledException)
        {
            one.TryBegin(); // so that nobody else does
            throw;
        }
    }

    /// <returns>Whether there is room for one more group.</returns>
    private bool Enter(Gathered<TStatement, TAnswer> one)
    {
        lock (waiting)
        {
            waiting.Enqueue(one);
            if (groups == MostGroups)
                return false;
            groups++;
            return true;
        }
    }

    private async Task SendAllAsync()
    {
        Activity.Current = null; // of the request that happened to be the first
        while (Next() is { Count: > 0 } group)
        {
            try
            {
                await send(group);
            }
            catch (Exception failure)
            {
                group.ForEach(one => one.Fail(failure));
            }
        }
    }

    private List<Gathered<TStatement, TAnswer>> Next()
    {
        lock (waiting)
        {
            var group = new List<Gathered<TStatement, TAnswer>>();
            while (group.Count < MostTogether && waiting.TryDequeue(out var one))
                if (one.TryBegin())
                    group.Add(one);
            if (group.Count == 0)
                groups--;
            return group;
        }
    }
}
