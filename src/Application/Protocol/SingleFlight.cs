using System.Collections.Concurrent;

namespace OAuthMcp.Application.Protocol;

/// <summary>
/// One piece of work at a time for each key. Whoever comes meanwhile shares its outcome, so it goes on when one of them leaves;
/// whoever comes later starts it anew.
/// </summary>
internal sealed class SingleFlight<TKey, T>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> underWay = new();

    /// <param name="ct">Ends the waiting, not the work.</param>
    public Task<T> RunAsync(TKey key, Func<Task<T>> work, CancellationToken ct) =>
        underWay.GetOrAdd(key, _ => new Lazy<Task<T>>(() => RunOnceAsync(key, work))).Value.WaitAsync(ct);

    /// <summary>Waits for the work under way. Whether it failed is told to those who asked for it.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        foreach (var work in underWay.Values)
            await ((Task)work.Value).WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<T> RunOnceAsync(TKey key, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        finally
        {
            underWay.TryRemove(key, out _);
        }
    }
}
