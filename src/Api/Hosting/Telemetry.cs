using ModelContextProtocol.Server;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Traces, metrics and logs over OTLP, by the standard variables of OpenTelemetry. Without an endpoint nothing of it is loaded.
/// </summary>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
            return;
        var (traces, metrics, logs) = (IsOn("TRACES"), IsOn("METRICS"), IsOn("LOGS"));
        if (!traces && !metrics && !logs)
            return;
        if (logs)
        {
            builder.Logging.ClearProviders(); // Serilog takes their place anyway, and the one of OpenTelemetry is looked for among them
            builder.Services.AddSingleton<TelemetryLog>();
        }

        builder.Services.AddHostedService<TelemetryStart>(); // before any other, so that the first line of the start is sent too
        if (traces)
            builder.Services.AddSingleton(provider => new BareSpans(
                provider.GetServices<McpServerTool>().Select(tool => tool.ProtocolTool.Name)
            ));
        if (metrics)
            builder.Services.AddSingleton<Gauges>();
        TelemetryExport.Add(builder.Services, traces, metrics, logs);

        bool IsOn(string signal) =>
            !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
            && (IsSet(Endpoint) || IsSet($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"));
        bool IsSet(string key) => !string.IsNullOrWhiteSpace(configuration[key]);
    }

    /// <summary>The meters that are listened to: this server's own, and those of its libraries under their own names.</summary>
    public static readonly string[] Meters =
    [
        Instruments.Name,
        Mcp,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.RateLimiting",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private const string Requests = "Microsoft.AspNetCore";

    /// <summary>The sources of spans; that of the requests is added by its own package.</summary>
    public static readonly string[] Sources = [Instruments.Name, Mcp, "System.Net.Http", "Npgsql"];

    public static bool IsHeard(string source) => source == Requests || Sources.Contains(source);

    /// <summary>The SDK's own source and meter.</summary>
    public const string Mcp = "Experimental.ModelContextProtocol";
}
