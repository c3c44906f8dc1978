namespace OAuthMcp.Api.Hosting;

/// <summary>Opens what a server alone sends, and not a verb: its log and its gauges. It comes before OpenTelemetry's own start.</summary>
internal sealed class TelemetryStart(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<TelemetryLog>() is { } log)
            log.Connect(services.GetServices<ILoggerProvider>().Single());
        services.GetService<Gauges>();
        services.GetService<BareSpans>();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
