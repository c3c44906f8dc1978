using System.Collections.Concurrent;
using System.Threading.Channels;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Everything the server logged: message, every property and the exception, as an operator's log store would keep it.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Channel<string> arrivals = Channel.CreateUnbounded<string>();

    public IReadOnlyCollection<string> All => lines;

    public void Emit(LogEvent logEvent)
    {
        var line =
            $"{logEvent.Level} {logEvent.RenderMessage(null)} "
            + string.Join(' ', logEvent.Properties.Select(property => $"{property.Key}={property.Value}"))
            + $" {logEvent.Exception}";
        lines.Enqueue(line);
        arrivals.Writer.TryWrite(line);
    }

    /// <summary>
    /// The next line like that which no earlier call took, for which it waits. A request's line is written when its answer is
    /// on the way already.
    /// </summary>
    public async Task<string> NextAsync(Func<string, bool> isWanted)
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
