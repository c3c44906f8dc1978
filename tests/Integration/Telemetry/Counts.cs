using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OAuthMcp.Integration.Telemetry;

/// <summary>What was counted in requests of one trace: other tests of the process count with the same instruments.</summary>
internal sealed class Counts : IDisposable
{
    private readonly ConcurrentQueue<string> counted = new();
    private readonly MeterListener listener = new();

    public Counts(ActivityTraceId trace)
    {
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument is Counter<long> && instrument.Meter.Name == "OAuthMcp")
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
            {
                if (Activity.Current?.TraceId != trace)
                    return;
                var words = tags.ToArray().Select(tag => $"{tag.Value}");
                counted.Enqueue($"{instrument.Name} {string.Join(' ', words)} {value}");
            }
        );
        listener.Start();
    }

    /// <summary>What was counted since the last call.</summary>
    public string[] Take()
    {
        List<string> taken = [];
        while (counted.TryDequeue(out var count))
            taken.Add(count);
        return [.. taken];
    }

    public void Dispose() => listener.Dispose();
}
