using System.Collections.Concurrent;
using System.Threading.Channels;
using OAuthMcp.Infrastructure.Audit;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Everything the server logged: message, every property and the exception, as an operator's log store would keep it.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentQueue<LogEvent> audit = new();
    private readonly Channel<string> arrivals = Channel.CreateUnbounded<string>();
    private readonly Channel<string> auditArrivals = Channel.CreateUnbounded<string>();

    public IReadOnlyCollection<string> All => lines;

    /// <summary>The stream of the audit trail, which is apart.</summary>
    public IReadOnlyCollection<LogEvent> Audit => audit;

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: AuditServices.Category })
        {
            audit.Enqueue(logEvent);
            auditArrivals.Writer.TryWrite(Render(logEvent));
            return;
        }

        var line = Render(logEvent);
        lines.Enqueue(line);
        arrivals.Writer.TryWrite(line);
    }

    public static string Render(LogEvent logEvent) =>
        $"{logEvent.Level} {logEvent.RenderMessage(null)} "
        + string.Join(' ', logEvent.Properties.Select(property => $"{property.Key}={property.Value}"))
        + $" {logEvent.Exception}";

    /// <summary>
    /// The next line like that which no earlier call took, for which it waits. A request's line is written when its answer is
    /// on the way already.
    /// </summary>
    public Task<string> NextAsync(Func<string, bool> isWanted) => NextAsync(arrivals, isWanted, lines);

    /// <summary>The next line like that of the audit trail's stream, which is written when the event is in the trail already.</summary>
    public Task<string> NextAuditAsync(Func<string, bool> isWanted) => NextAsync(auditArrivals, isWanted, audit.Select(Render));

    private static async Task<string> NextAsync(Channel<string> arrivals, Func<string, bool> isWanted, IEnumerable<string> lines)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(ServerProcess.Soon);
        try
        {
            await foreach (var line in arrivals.Reader.ReadAllAsync(limit.Token))
                if (isWanted(line))
                    return line;
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"No such line in:\n{string.Join('\n', lines.TakeLast(50))}");
        }

        throw new InvalidOperationException("The log has ended.");
    }
}
