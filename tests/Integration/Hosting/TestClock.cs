using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A clock that tests move. Short waits, such as those between retries, it can let pass at once and remember.</summary>
internal sealed class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentQueue<TimeSpan> skipped = new();

    /// <summary>Timers of at most this long fire at once, those that repeat left out; none by default.</summary>
    public TimeSpan SkipsWaitsOf { get; set; }

    public IReadOnlyCollection<TimeSpan> Skipped => skipped;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > SkipsWaitsOf || period != Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);
        skipped.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
