using System.Diagnostics;
using System.Text.RegularExpressions;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Leaves in a span only attributes that are known to hold no secret. Libraries add paths, queries, session ids, the names that
/// callers invent, and as the description of an error what a tool answered. It listens before OpenTelemetry does, and so is told of the
/// end of each span first; a processor of theirs would load their packages in every server, since types are looked through at the start.
/// </summary>
internal sealed partial class BareSpans : IDisposable
{
    private const string Method = "mcp.method.name";
    private const string Tool = "gen_ai.tool.name";
    private const string Version = "mcp.protocol.version";
    private const string Url = "url.full";

    private static readonly HashSet<string> Kept =
    [
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "url.scheme",
        "network.protocol.name",
        "network.protocol.version",
        "network.transport",
        "error.type",
        "gen_ai.operation.name",
        "rpc.response.status_code",
        "db.system",
        "db.system.name",
        "db.name",
        "db.namespace",
        "db.operation.name",
        "db.statement",
        "db.query.text",
        "db.response.status_code",
        Method,
        Tool,
        Version,
    ];

    // Only where this server chose them: the address of a request to it is what its caller sent as Host.
    private static readonly HashSet<string> KeptOfCallsOut = ["server.address", "server.port", Url];

    private static readonly HashSet<string> Methods =
    [
        "initialize",
        "ping",
        "tools/call",
        "tools/list",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/templates/list",
        "resources/subscribe",
        "resources/unsubscribe",
        "completion/complete",
        "logging/setLevel",
        "server/discover",
        "subscriptions/listen",
        "notifications/initialized",
        "notifications/cancelled",
        "notifications/progress",
        "notifications/roots/list_changed",
        "elicitation/create",
        "sampling/createMessage",
        "roots/list",
    ];

    private readonly HashSet<string> tools;
    private readonly ActivityListener listener;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}$")]
    private static partial Regex Revision { get; }

    /// <param name="tools">The tools that there are.</param>
    public BareSpans(IEnumerable<string> tools)
    {
        this.tools = [.. tools];
        listener = new ActivityListener { ShouldListenTo = source => Telemetry.IsHeard(source.Name), ActivityStopped = Bare };
        ActivitySource.AddActivityListener(listener);
    }

    public void Dispose() => listener.Dispose();

    private void Bare(Activity data)
    {
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            var kept = Keep(data, name, value);
            if (!Equals(kept, value))
                data.SetTag(name, kept);
        }

        if (data.Source.Name == Telemetry.Mcp)
            data.DisplayName = $"{data.GetTagItem(Method) ?? Instruments.Other} {data.GetTagItem(Tool)}".TrimEnd();
        if (data.Status == ActivityStatusCode.Error)
            data.SetStatus(ActivityStatusCode.Error);
    }

    private object? Keep(Activity span, string name, object? value) =>
        name switch
        {
            Method => value is string method && Methods.Contains(method) ? value : Instruments.Other,
            Tool => value is string tool && tools.Contains(tool) ? value : Instruments.Other,
            Version => value is string version && Revision.IsMatch(version) ? value : null,
            Url when span.Kind == ActivityKind.Client => (value as string)?.Split('?', '#')[0],
            _ when span.Kind == ActivityKind.Client && KeptOfCallsOut.Contains(name) => value,
            _ => Kept.Contains(name) || name.StartsWith("oauthmcp.", StringComparison.Ordinal) ? value : null,
        };
}
