using System.Threading.Channels;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Audit;

/// <summary>The events that wait to be written. It is bounded: one that finds no room is counted, and nobody waits.</summary>
internal sealed class AuditBuffer(AuditSampling sampling)
{
    public const int Capacity = 10_000;

    private readonly Channel<AuditEvent> waiting = Channel.CreateBounded<AuditEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true }
    );

    private int lost;

    public void Add(AuditEvent happened)
    {
        if (IsKept(happened))
            Enqueue(happened);
    }

    /// <summary>Whether it is one of the first of its kind. Those that were left out before are told.</summary>
    public bool IsKept(AuditEvent happened)
    {
        var isKept = sampling.IsKept(happened, out var ended);
        foreach (var leftOut in ended)
            Enqueue(leftOut);
        return isKept;
    }

    /// <summary>The next events, at most so many, and one that says how many there was no room for.</summary>
    public void Take(List<AuditEvent> batch, int most, DateTimeOffset now)
    {
        foreach (var leftOut in sampling.TakeEnded(now))
            Enqueue(leftOut);
        while (batch.Count < most && waiting.Reader.TryRead(out var next))
            batch.Add(next);
        if (Interlocked.Exchange(ref lost, 0) is > 0 and var count)
            batch.Add(
                new AuditEvent(now, AuditWords.Missing, AuditWords.Failed)
                {
                    Act = "lost",
                    IsRoutine = true,
                    Reason = $"{count} events were lost: they came faster than they could be written",
                }
            );
    }

    public int Count => waiting.Reader.Count;

    private void Enqueue(AuditEvent happened)
    {
        if (!waiting.Writer.TryWrite(happened))
            Interlocked.Increment(ref lost);
    }
}
