using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Writes log lines on a thread of its own, so that a full pipe or a slow disk delays no request. Lines that find no room are
/// dropped, and their number is logged once there is room again.
/// </summary>
internal sealed class BoundedSink : ILogEventSink, IDisposable
{
    public const int Capacity = 10_000;
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);
    private static readonly MessageTemplate Dropped = new MessageTemplateParser().Parse(
        "{Count} log lines were dropped: they came faster than they could be written"
    );

    private readonly BlockingCollection<LogEvent> lines = new(Capacity);
    private readonly ILogEventSink inner;
    private readonly Thread writer;
    private long dropped;

    public BoundedSink(ILogEventSink inner)
    {
        this.inner = inner;
        writer = new Thread(Write) { IsBackground = true, Name = "Log" };
        writer.Start();
    }

    public void Emit(LogEvent logEvent)
    {
        try
        {
            if (lines.TryAdd(logEvent))
                return;
        }
        catch (InvalidOperationException)
        {
            // The queue is closed; the line counts as dropped.
        }

        Interlocked.Increment(ref dropped);
    }

    /// <summary>Writes what waits, for two seconds at most.</summary>
    public void Dispose()
    {
        lines.CompleteAdding();
        if (!writer.Join(LongestFlush))
            return; // the thread is stuck in a line, and ends with the process
        (inner as IDisposable)?.Dispose();
        lines.Dispose();
    }

    private void Write()
    {
        foreach (var line in lines.GetConsumingEnumerable())
        {
            inner.Emit(line);
            if (Interlocked.Exchange(ref dropped, 0) is > 0 and var count)
                inner.Emit(
                    new LogEvent(
                        line.Timestamp,
                        LogEventLevel.Warning,
                        null,
                        Dropped,
                        [new LogEventProperty("Count", new ScalarValue(count))]
                    )
                );
        }
    }
}
