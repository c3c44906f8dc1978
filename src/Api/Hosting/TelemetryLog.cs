using System.Collections.Concurrent;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Hands the lines of the log on to OpenTelemetry: each as it is read on the console, and of its properties only those that hold no
/// more than a word of this program, an id or a number.
/// </summary>
internal sealed class TelemetryLog : ILogEventSink
{
    private static readonly string[] Kept =
    [
        "RequestMethod",
        "StatusCode",
        "Elapsed",
        "ClientId",
        "Subject",
        "Error",
        "Tool",
        "UseCase",
        "ErrorCode",
        "Method",
        "Count",
    ];

    private readonly ConcurrentDictionary<string, Microsoft.Extensions.Logging.ILogger> loggers = new(StringComparer.Ordinal);
    private volatile ILoggerProvider? provider;

    /// <summary>Lines from before have nowhere to go.</summary>
    public void Connect(ILoggerProvider openTelemetry) => provider = openTelemetry;

    public void Emit(LogEvent logEvent)
    {
        if (provider is not { } open)
            return;
        var source = (logEvent.Properties.GetValueOrDefault("SourceContext") as ScalarValue)?.Value as string ?? nameof(OAuthMcp);
        List<KeyValuePair<string, object?>> properties = [];
        foreach (var name in Kept)
            if (logEvent.Properties.GetValueOrDefault(name) is ScalarValue { Value: { } value })
                properties.Add(new(name, value));
        loggers
            .GetOrAdd(source, open.CreateLogger)
            .Log(LevelOf(logEvent.Level), default, properties, logEvent.Exception, (_, _) => logEvent.RenderMessage(null));
    }

    private static LogLevel LevelOf(LogEventLevel level) =>
        level switch
        {
            LogEventLevel.Verbose => LogLevel.Trace,
            LogEventLevel.Debug => LogLevel.Debug,
            LogEventLevel.Information => LogLevel.Information,
            LogEventLevel.Warning => LogLevel.Warning,
            LogEventLevel.Error => LogLevel.Error,
            _ => LogLevel.Critical,
        };
}
