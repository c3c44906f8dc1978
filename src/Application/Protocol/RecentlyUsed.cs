using System.Collections.Concurrent;

namespace OAuthMcp.Application.Protocol;

/// <summary>
/// Keeps what was used last, at least <paramref name="most"/> of them and at most twice as many. When so many have come, what was not
/// used since the last time is forgotten, so that keeping and finding cost the same however many come.
/// </summary>
internal sealed class RecentlyUsed<TKey, TValue>(int most, IEqualityComparer<TKey> comparer)
    where TKey : notnull
    where TValue : class
{
    private Turn turn = new(new(comparer), new(comparer));

    public TValue? Find(TKey key)
    {
        var now = Volatile.Read(ref turn);
        if (now.Present.TryGetValue(key, out var found))
            return found;
        if (now.Last.TryGetValue(key, out found))
            TryAdd(now, key, found); // unless something newer has come meanwhile
        return found;
    }

    public void Keep(TKey key, TValue value)
    {
        var now = Volatile.Read(ref turn);
        if (!TryAdd(now, key, value))
            now.Present[key] = value;
    }

    public void Forget(TKey key)
    {
        var now = Volatile.Read(ref turn);
        now.Present.TryRemove(key, out _);
        now.Last.TryRemove(key, out _);
    }

    private bool TryAdd(Turn now, TKey key, TValue value)
    {
        if (!now.Present.TryAdd(key, value))
            return false;
        if (Interlocked.Increment(ref now.Count) >= most)
            Interlocked.CompareExchange(ref turn, new Turn(new(comparer), now.Present), now);
        return true;
    }

    private sealed class Turn(ConcurrentDictionary<TKey, TValue> present, ConcurrentDictionary<TKey, TValue> last)
    {
        public int Count;

        public ConcurrentDictionary<TKey, TValue> Present => present;
        public ConcurrentDictionary<TKey, TValue> Last => last;
    }
}
