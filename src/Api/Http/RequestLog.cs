using System.Security.Claims;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;
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

    /// <summary>What was named and need not exist, such as a user name as it was typed.</summary>
    public const string Name = "log.name";

    /// <summary>Why exactly it was refused.</summary>
    public const string Reason = "log.reason";

    /// <summary>The exception of a failure of this server.</summary>
    public const string Failure = "log.failure";

    /// <summary>Set where the request will leave a line, so that nobody else has to write one.</summary>
    public const string IsOn = "log.on";

    /// <summary>The property that says who sent a request.</summary>
    public const string Peer = "Peer";

    /// <summary>Set when an answer failed because its client had left.</summary>
    public const string ClientLeft = "log.left";

    /// <summary>
    /// One line for each request, which says of a refusal who, from where, with which client, and why exactly. The path is escaped
    /// and has no query, so that no secret and no line break gets in; a program without Serilog keeps its own log.
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
                        + "tool={Tool:l} peer={Peer:l} trace={TraceId:l}{Why:l}";
                    options.GetLevel = (http, _, failure) =>
                        failure is null && http.Request.Path.StartsWithSegments("/health") ? LogEventLevel.Debug // a probe reads its answer
                        : (failure is not null || http.Response.StatusCode >= 500) && !HasLeft(http) ? LogEventLevel.Error
                        : http.GetEndpoint()?.Metadata.GetMetadata<Quiet>() is not null ? LogEventLevel.Debug
                        : http.Items.ContainsKey(Reason) && !HasLeft(http) ? LogEventLevel.Warning
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
                        line.Set("Why", Why(http.Items));
                        if (http.Items[Name] is { } name)
                            line.Set("Name", name);
                        if (http.Items[Reason] is { } reason)
                            line.Set("Reason", reason);
                        if (http.Items[Failure] is Exception failure)
                            line.SetException(failure);
                    };
                });

    private static async Task NamePeer(HttpContext http, RequestDelegate next)
    {
        http.Items[IsOn] = true;
        using (LogContext.PushProperty(Peer, Http.Peer.AddressOf(http)))
            await next(http);
    }

    /// <summary>Adds to the line what the answer says, and why exactly, which the answer does not.</summary>
    public static void Explain(this HttpContext http, OAuthError refusal)
    {
        http.Items[Error] = refusal.Code;
        // That no token came is how each client begins.
        if (refusal.Code != "unauthorized")
            http.Items[Reason] = AuditText.Clean(refusal.Detail ?? refusal.Description, AuditText.MaxReason);
    }

    private static string Why(IDictionary<object, object?> items) =>
        (items.TryGetValue(Name, out var name) ? $" name=\"{name}\"" : "")
        + (items.TryGetValue(Reason, out var reason) ? $" reason=\"{reason}\"" : "");

    /// <summary>The id that a user quotes and an operator searches for.</summary>
    public static string TraceIdentifierOf(this HttpContext http) =>
        System.Diagnostics.Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    // Whatever the status was, nobody read the answer to its end.
    private static bool HasLeft(HttpContext http) => http.RequestAborted.IsCancellationRequested || http.Items.ContainsKey(ClientLeft);
}
