using ModelContextProtocol;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Infrastructure.Audit;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace OAuthMcp.Api.Hosting;

internal static class Logging
{
    /// <summary>How lines are written; text by default.</summary>
    private const string FormatKey = "Logging:Format";

    // A log is read in another zone, and on another day, than it was written.
    private const string Template = "{Timestamp:yyyy-MM-dd HH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // These sources write request lines, query strings or bodies at lower levels, so no configured level reaches them.
    private static readonly string[] TalkativeSources =
    [
        "Microsoft.AspNetCore",
        "Microsoft.EntityFrameworkCore",
        "Npgsql", // each statement
        "Microsoft.Extensions.Http",
        "System.Net.Http",
        "Polly",
    ];

    // Sources that stay quiet in other programs too: queries of callbacks hold codes, and messages hold what users say.
    private static readonly (string Source, LogLevel Level)[] NeverTalkative =
    [
        ("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning),
        ("Microsoft.AspNetCore.HttpLogging", LogLevel.Warning),
        ("ModelContextProtocol", LogLevel.Error), // it warns of each method that it does not know, by the name that the caller gave it
    ];

    /// <summary>Writes to the sinks among the services, or else to the console; over stdio everything goes to standard error.</summary>
    /// <exception cref="ConfigurationException">A level does not exist.</exception>
    public static void Configure(
        this LoggerConfiguration logger,
        IServiceProvider services,
        IConfiguration configuration,
        bool toStandardError
    )
    {
        try
        {
            logger.ReadFrom.Configuration(configuration).Enrich.FromLogContext();
        }
        catch (InvalidOperationException failure)
        {
            throw new ConfigurationException($"Serilog:MinimumLevel: {failure.Message}");
        }

        if (services.GetService<LogSwitch>() is { } log)
            logger.Filter.ByExcluding(_ => log.IsOff);
        // The command line explains the failure in one sentence, which a stack trace would bury.
        logger.Filter.ByExcluding(line => line.MessageTemplate.Text == "Hosting failed to start");
        // The SDK writes a stack trace for each call that its client cancelled or got wrong. The line of the request says so
        // already.
        logger.Filter.ByExcluding(line =>
            line.Exception is OperationCanceledException or McpException
            && line.Properties.TryGetValue("SourceContext", out var source)
            && source is ScalarValue { Value: string name }
            && name.StartsWith("ModelContextProtocol", StringComparison.Ordinal)
        );
        foreach (var source in TalkativeSources)
            logger.MinimumLevel.Override(source, LogEventLevel.Warning);
        logger.MinimumLevel.Override("ModelContextProtocol", LogEventLevel.Error); // as below
        // It warns on every Linux machine that file modes alone guard the keys. This server has its own warning of that.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error);
        // It reports forged cookies as errors of this server. The refusal is logged anyway.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal);
        var (sinks, format) = (services.GetServices<ILogEventSink>().ToList(), FormatOf(configuration));
        // For people the line of the request says the same already.
        if (
            sinks.Count == 0
            && format == LogFormat.Text
            && configuration[$"Serilog:MinimumLevel:Override:{AuditServices.Category}"] is null
        )
            logger.MinimumLevel.Override(AuditServices.Category, LogEventLevel.Warning);
        if (sinks.Count == 0)
            sinks.Add(new BoundedSink(OpenConsole(format, toStandardError)));
        if (services.GetService<TelemetryLog>() is { } telemetry)
            sinks.Add(telemetry);
        foreach (var sink in sinks)
            logger.WriteTo.Sink(new RefusalSampling(sink, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    /// <exception cref="ConfigurationException">The level or the format does not exist.</exception>
    public static void ThrowIfUnusable(IConfiguration configuration)
    {
        _ = FormatOf(configuration);
        if (
            (configuration["Serilog:MinimumLevel:Default"] ?? configuration["Serilog:MinimumLevel"]) is { } level
            && !Enum.TryParse<LogEventLevel>(level, ignoreCase: true, out _)
        )
            throw new ConfigurationException($"Serilog:MinimumLevel: The value {level} is not a valid Serilog level.");
    }

    /// <summary>For a program that composes this server and logs in its own way: no level that it asks for reaches these sources.</summary>
    public static void KeepQuiet(LoggerFilterOptions filter)
    {
        foreach (var provider in filter.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        foreach (var (source, level) in NeverTalkative)
            filter.Rules.Add(new LoggerFilterRule(provider, source, level, null));
    }

    private static LogFormat FormatOf(IConfiguration configuration) =>
        configuration[FormatKey] is not { } text ? LogFormat.Text
        : Enum.TryParse<LogFormat>(text, ignoreCase: true, out var format) && Enum.IsDefined(format) ? format
        : throw new ConfigurationException($"{FormatKey} must be Text or Json.");

    private static Logger OpenConsole(LogFormat format, bool toStandardError)
    {
        LogEventLevel? standardErrorFrom = toStandardError ? LogEventLevel.Verbose : null;
        var console = new LoggerConfiguration().MinimumLevel.Verbose();
        return (
            format == LogFormat.Json
                ? console.WriteTo.Console(new RenderedCompactJsonFormatter(), standardErrorFromLevel: standardErrorFrom)
                : console.WriteTo.Console(outputTemplate: Template, formatProvider: null, standardErrorFromLevel: standardErrorFrom)
        ).CreateLogger();
    }
}
