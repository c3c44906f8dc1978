using System.Runtime.CompilerServices;
using OAuthMcp.Application.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OAuthMcp.Api.Hosting;

/// <summary>All that names OpenTelemetry's packages, which are loaded when this is called and not before.</summary>
internal static class TelemetryExport
{
    // The SDK puts methods, revisions and names here as callers send them, whether there is such a one or not.
    private static readonly string[] McpAttributes = ["network.transport", "error.type", "rpc.response.status_code"];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(IServiceCollection services, bool traces, bool metrics, bool logs)
    {
        var telemetry = services.AddOpenTelemetry().ConfigureResource(DescribeServer).UseOtlpExporter();
        if (traces)
            telemetry.WithTracing(tracing =>
                tracing
                    .AddSource(Telemetry.Sources)
                    .AddAspNetCoreInstrumentation(requests => requests.Filter = http => !http.Request.Path.StartsWithSegments("/health"))
            );
        if (metrics)
            telemetry.WithMetrics(meters =>
                meters
                    .AddMeter(Telemetry.Meters)
                    .AddView(instrument =>
                        instrument.Meter.Name == Telemetry.Mcp ? new MetricStreamConfiguration { TagKeys = McpAttributes } : null
                    )
            );
        if (logs)
            telemetry.WithLogging(null, options => options.IncludeFormattedMessage = true);
    }

    // The variables come last, since what they say wins.
    private static void DescribeServer(ResourceBuilder resource) =>
        resource
            .Clear()
            .AddService(Instruments.Name, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version!.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
}
