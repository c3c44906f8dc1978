using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The log of a program without Serilog: its lines, and the values in them.</summary>
[ProviderAlias("Lines")]
internal sealed class ProgramLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> Lines => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) =>
        lines.Enqueue(
            $"{logLevel} {formatter(state, exception)} "
                + $"{string.Join(' ', state as IEnumerable<KeyValuePair<string, object?>> ?? [])} {exception}"
        );

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }
}
