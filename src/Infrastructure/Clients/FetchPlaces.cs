using Microsoft.Extensions.Caching.Memory;

namespace OAuthMcp.Infrastructure.Clients;

/// <summary>
/// Limits how many documents are fetched at the same time. A host has two of the ten places, and all slow hosts share two, so that
/// slow hosts delay each other and nobody else.
/// </summary>
internal sealed class FetchPlaces : IDisposable
{
    private const int InAll = 10;
    private const int OfOneHost = 2;
    private const int OfSlowHosts = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWaitForHost = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowMemory = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim all = new(InAll);
    private readonly SemaphoreSlim ofSlow = new(OfSlowHosts);
    private readonly Dictionary<string, Line> lines = new(StringComparer.Ordinal);
    private readonly MemoryCache slow = new(new MemoryCacheOptions { SizeLimit = 1_000 });

    /// <summary>A place that the caller gives back, or null when none gets free soon.</summary>
    public async Task<IDisposable?> EnterAsync(string host, CancellationToken ct)
    {
        var place = new Place(this, host);
        try
        {
            if (
                await place.TakeAsync(place.Line.Places, LongestWaitForHost, ct)
                && (!slow.TryGetValue(host, out _) || await place.TakeAsync(ofSlow, TimeSpan.Zero, ct))
                && await place.TakeAsync(all, LongestWait, ct)
            )
                return place;
        }
        catch (OperationCanceledException)
        {
            place.Dispose();
            throw;
        }

        place.Dispose();
        return null;
    }

    /// <summary>Remembers for some minutes whether the host answers in time.</summary>
    public void Note(string host, bool isSlow)
    {
        if (isSlow)
            slow.Set(host, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = SlowMemory });
        else
            slow.Remove(host);
    }

    public void Dispose()
    {
        all.Dispose();
        ofSlow.Dispose();
        slow.Dispose();
    }

    private Line Join(string host)
    {
        lock (lines)
        {
            if (!lines.TryGetValue(host, out var line))
                lines.Add(host, line = new Line());
            line.Members++;
            return line;
        }
    }

    private void Leave(string host, Line line)
    {
        lock (lines)
            if (--line.Members == 0)
                lines.Remove(host);
    }

    /// <summary>The fetches at one host, running and waiting. It is dropped with the last of them.</summary>
    private sealed class Line
    {
        public SemaphoreSlim Places { get; } = new(OfOneHost);
        public int Members { get; set; }
    }

    private sealed class Place(FetchPlaces places, string host) : IDisposable
    {
        private readonly List<SemaphoreSlim> taken = [];

        public Line Line { get; } = places.Join(host);

        public async Task<bool> TakeAsync(SemaphoreSlim semaphore, TimeSpan patience, CancellationToken ct)
        {
            if (!await semaphore.WaitAsync(patience, ct))
                return false;
            taken.Add(semaphore);
            return true;
        }

        public void Dispose()
        {
            foreach (var semaphore in taken)
                semaphore.Release();
            places.Leave(host, Line);
        }
    }
}
