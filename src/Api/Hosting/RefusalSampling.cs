using OAuthMcp.Api.Http;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Keeps a peer that is refused again and again from filling the log. Of equal refusals of a peer the first of each second are
/// logged, and the others counted.
/// </summary>
internal sealed class RefusalSampling(ILogEventSink inner, TimeProvider time) : ILogEventSink, IDisposable
{
    public const int MostASecond = 50;
    private const int MostKinds = 10_000;
    private static readonly MessageTemplate LeftOut = new MessageTemplateParser().Parse(
        "{Count} more lines like this of {Peer:l} were left out: {Line:l}"
    );

    private readonly Lock gate = new();
    private readonly Dictionary<Kind, int> counts = [];
    private long second;

    public void Emit(LogEvent logEvent)
    {
        if (KindOf(logEvent) is not { } kind)
        {
            inner.Emit(logEvent);
            return;
        }

        bool isKept;
        IReadOnlyList<LogEvent> ended = [];
        lock (gate)
        {
            var now = time.GetUtcNow().ToUnixTimeSeconds();
            if (now != second)
                (ended, second) = (TakeCounts(), now);
            if (!counts.ContainsKey(kind) && counts.Count >= MostKinds)
                kind = new Kind("everybody else", "", "");
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            isKept = counts[kind] <= MostASecond;
        }

        foreach (var line in ended)
            inner.Emit(line);
        if (isKept)
            inner.Emit(logEvent);
    }

    public void Dispose()
    {
        foreach (var line in TakeCounts())
            inner.Emit(line);
        (inner as IDisposable)?.Dispose();
    }

    private LogEvent[] TakeCounts()
    {
        var lines = counts
            .Where(kind => kind.Value > MostASecond)
            .Select(kind => new LogEvent(
                time.GetLocalNow(),
                LogEventLevel.Warning,
                null,
                LeftOut,
                [
                    new LogEventProperty("Count", new ScalarValue(kind.Value - MostASecond)),
                    new LogEventProperty("Peer", new ScalarValue(kind.Key.Peer)),
                    new LogEventProperty("Line", new ScalarValue($"{kind.Key.Line} {kind.Key.Outcome}")),
                ]
            ))
            .ToArray();
        counts.Clear();
        return lines;
    }

    private static Kind? KindOf(LogEvent line) =>
        Text(line, RequestLog.Peer) is { } peer && (Refusal(line) ?? Text(line, "ErrorCode")) is { } outcome
            ? new Kind(peer, line.MessageTemplate.Text, outcome)
            : null;

    private static string? Refusal(LogEvent line) =>
        line.Properties.GetValueOrDefault("StatusCode") is ScalarValue { Value: int and >= 400 and < 500 and var status }
            ? $"{status}"
            : null;

    private static string? Text(LogEvent line, string property) =>
        (line.Properties.GetValueOrDefault(property) as ScalarValue)?.Value?.ToString();

    private readonly record struct Kind(string Peer, string Line, string Outcome);
}
