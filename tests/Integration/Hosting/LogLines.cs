using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Everything the server logged: message, every property and the exception, as an operator's log store would keep it.</summary>
internal sealed class LogLines : ILogEventSink
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> All => lines;

    public void Emit(LogEvent logEvent) => lines.Enqueue(
        $"{logEvent.Level} {logEvent.RenderMessage(null)} {string.Join(' ', logEvent.Properties.Select(property => $"{property.Key}={property.Value}"))} {logEvent.Exception}");
}
