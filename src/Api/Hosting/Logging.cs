using System.Security.Claims;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OAuthMcp.Api.Hosting;

internal static class Logging
{
    private const string Template = "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}";

    // These write request lines, query strings or bodies when asked to speak up, so no configured level reaches them.
    private static readonly string[] TalkativeSources =
        ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Http", "System.Net.Http", "Polly", "ModelContextProtocol"];

    /// <summary>The sinks that the services hold, or else the console; over stdio all of it goes to standard error.</summary>
    /// <exception cref="ConfigurationException">A level is none.</exception>
    public static void Configure(this LoggerConfiguration logger, IServiceProvider services, IConfiguration configuration, bool toStandardError)
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
        foreach (var source in TalkativeSources) logger.MinimumLevel.Override(source, LogEventLevel.Warning);
        // Says on every Linux machine that the key files are guarded by their file mode alone, which README says too.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error);
        // Reports a cookie that anybody can make up as an error of this server; the refusal has its line anyway.
        logger.MinimumLevel.Override("Microsoft.AspNetCore.Antiforgery", LogEventLevel.Fatal);
        var sinks = services.GetServices<ILogEventSink>().ToList();
        foreach (var sink in sinks) logger.WriteTo.Sink(sink);
        if (sinks.Count == 0) logger.WriteTo.Console(outputTemplate: Template, formatProvider: null, standardErrorFromLevel: toStandardError ? LogEventLevel.Verbose : null);
    }

    /// <summary>One line a request, which is the audit record of a refusal too: its code, client, subject and trace id. The path goes in escaped and without query, so neither secrets nor line breaks get in. A program without Serilog keeps a log of its own.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) => app.ApplicationServices.GetService<Serilog.ILogger>() is not { } log ? app : app.UseSerilogRequestLogging(options =>
    {
        options.Logger = log;
        options.MessageTemplate = "{RequestMethod} {Path:l} {StatusCode} {Elapsed:0} ms client={ClientId:l} subject={Subject:l} error={Error:l} trace={TraceId:l}";
        options.GetLevel = (http, _, failure) => failure is not null || http.Response.StatusCode >= 500 ? LogEventLevel.Error
            : http.Request.Path.StartsWithSegments("/health") ? LogEventLevel.Debug : LogEventLevel.Information;
        options.EnrichDiagnosticContext = (line, http) =>
        {
            line.Set("Path", http.Request.Path.ToUriComponent());
            line.Set("TraceId", http.TraceIdentifierOf());
            line.Set("ClientId", http.Items[RequestLog.ClientId] ?? "-");
            line.Set("Error", http.Items[RequestLog.Error] ?? "-");
            line.Set("Subject", http.Items[RequestLog.Subject] ?? http.User.FindFirstValue("sub") ?? "-");
        };
    });

    /// <summary>What a user quotes and an operator searches for.</summary>
    public static string TraceIdentifierOf(this HttpContext http) => System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
}

/// <summary>What endpoints leave in <see cref="HttpContext.Items"/> for the request's line in the log.</summary>
internal static class RequestLog
{
    public const string ClientId = "log.client";
    public const string Subject = "log.subject";
    public const string Error = "log.error";
}
