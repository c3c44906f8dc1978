using ModelContextProtocol;
using OAuthMcp.Api.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Api.Hosting;

internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // These write request lines, query strings or bodies when asked to speak up, so no configured level reaches them.
    private static readonly string[] TalkativeSources =
    [
        "Microsoft.AspNetCore",
        "Microsoft.EntityFrameworkCore",
        "Microsoft.Extensions.Http",
        "System.Net.Http",
        "Polly",
        "ModelContextProtocol",
        "OAuthMcp.Api.Mcp.BearerHandler", // the framework's lines in its name: the request's own line says as much
    ];

    // Of them, what a program that is not this one must not hear either: the queries of callbacks hold codes, messages hold what users say.
    private static readonly string[] NeverTalkative =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.HttpLogging",
        "ModelContextProtocol",
    ];

    /// <summary>The sinks that the services hold, or else the console; over stdio all of it goes to standard error.</summary>
    /// <exception cref="ConfigurationException">A level is none.</exception>
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

        // The command line explains it, and the stack trace would bury that sentence.
        logger.Filter.ByExcluding(line => line.MessageTemplate.Text == "Hosting failed to start");
        // The SDK writes a stack trace for each call that its client cancelled or got wrong; the request's line says who did.
        logger.Filter.ByExcluding(line =>
            line.Exception is OperationCanceledException or McpException
            && line.Properties.TryGetValue("SourceContext", out var source)
            && source is ScalarValue { Value: string name }
            && name.StartsWith("ModelContextProtocol", StringComparison.Ordinal)
        );
        foreach (var source in TalkativeSources)
            logger.MinimumLevel.Override(source, LogEventLevel.Warning);
        // Says on every Linux machine that the key files are guarded by their file mode alone, which README says too.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error);
        // Reports a cookie that anybody can make up as an error of this server; the refusal has its line anyway.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal);
        var sinks = services.GetServices<ILogEventSink>().ToList();
        if (sinks.Count == 0)
            sinks.Add(new BoundedSink(OpenConsole(toStandardError)));
        foreach (var sink in sinks)
            logger.WriteTo.Sink(new RefusalSampling(sink, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }

    /// <summary>Keeps them quiet in the log of a program that composes this server and logs in its own way, whatever levels it asks for.</summary>
    public static void KeepQuiet(LoggerFilterOptions filter)
    {
        foreach (var provider in filter.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
        foreach (var source in NeverTalkative)
            filter.Rules.Add(new LoggerFilterRule(provider, source, LogLevel.Warning, null));
    }

    private static Logger OpenConsole(bool toStandardError) =>
        new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Console(
                outputTemplate: Template,
                formatProvider: null,
                standardErrorFromLevel: toStandardError ? LogEventLevel.Verbose : null
            )
            .CreateLogger();
}
