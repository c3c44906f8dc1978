using System.Security.Claims;
using Serilog;
using Serilog.Context;
using Serilog.Events;

namespace OAuthMcp.Api.Http;

/// <summary>The line that each request leaves in the log, and the items with which endpoints add to it.</summary>
internal static class RequestLog
{
    public const string ClientId = "log.client";
    public const string Subject = "log.subject";
    public const string Error = "log.error";
    public const string Tool = "log.tool";

    /// <summary>The property that says who sent a request.</summary>
    public const string Peer = "Peer";

    /// <summary>Set when an answer failed because its client had left.</summary>
    public const string ClientLeft = "log.left";

    /// <summary>
    /// One line for each request, which is the audit record of a refusal too: code, client, subject and trace id. The path is
    /// escaped and has no query, so that no secret and no line break gets in; a program without Serilog keeps its own log.
    /// </summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) =>
        app.ApplicationServices.GetService<Serilog.ILogger>() is not { } log
            ? app
            : app.Use(NamePeer)
                .UseSerilogRequestLogging(options =>
                {
                    options.Logger = log;
                    options.MessageTemplate =
                        "{RequestMethod} {Path:l} {StatusCode} {Elapsed:0} ms client={ClientId:l} subject={Subject:l} error={Error:l} "
                        + "tool={Tool:l} trace={TraceId:l}";
                    options.GetLevel = (http, _, failure) =>
                        failure is null && http.Request.Path.StartsWithSegments("/health") ? LogEventLevel.Debug // a probe reads its answer
                        : (failure is not null || http.Response.StatusCode >= 500) && !HasLeft(http) ? LogEventLevel.Error
                        : http.GetEndpoint()?.Metadata.GetMetadata<Quiet>() is not null ? LogEventLevel.Debug
                        : LogEventLevel.Information;
                    options.GetMessageTemplateProperties = (http, path, elapsed, status) =>
                        [
                            new("RequestMethod", new ScalarValue(http.Request.Method)),
                            new("RequestPath", new ScalarValue(path)),
                            new("StatusCode", new ScalarValue(HasLeft(http) ? 499 : status)),
                            new("Elapsed", new ScalarValue(elapsed)),
                        ];
                    options.EnrichDiagnosticContext = (line, http) =>
                    {
                        line.Set("Path", http.Request.Path.ToUriComponent());
                        line.Set("TraceId", http.TraceIdentifierOf());
                        line.Set("ClientId", http.Items[ClientId] ?? "-");
                        line.Set("Tool", http.Items[Tool] ?? "-");
                        line.Set("Error", http.Items[Error] ?? "-");
                        line.Set("Subject", http.Items[Subject] ?? http.User.FindFirstValue("sub") ?? "-");
                    };
                });

    private static async Task NamePeer(HttpContext http, RequestDelegate next)
    {
        using (LogContext.PushProperty(Peer, http.Connection.RemoteIpAddress))
            await next(http);
    }

    /// <summary>The id that a user quotes and an operator searches for.</summary>
    public static string TraceIdentifierOf(this HttpContext http) =>
        System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    // Whatever the status was, nobody read the answer to its end.
    private static bool HasLeft(HttpContext http) => http.RequestAborted.IsCancellationRequested || http.Items.ContainsKey(ClientLeft);
}
