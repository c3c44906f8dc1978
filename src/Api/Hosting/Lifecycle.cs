using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Guards the start and the end, in whatever program the server runs. Nothing listens before the runtime is safe, the data belongs
/// to this process alone, and database, keys and accounts are there; at the end, probes are told before the server stops listening.
/// </summary>
internal sealed class Lifecycle(
    IServiceProvider services,
    ServerSettings settings,
    IHostEnvironment environment,
    Readiness readiness,
    ILogger<Lifecycle> log
) : IHostedLifecycleService, IDisposable
{
    private IDisposable? databaseLock;
    private bool isPrepared;

    /// <summary>Prepares once, however often it is called.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (isPrepared)
            return;
        Preparation.ThrowIfForgeable();
        databaseLock ??= await services.LockDatabaseAsync(ct);
        await services.PrepareAsync(ct);
        isPrepared = true;
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.OAuth.DownstreamToken == DownstreamTokenSource.Received && !environment.IsDevelopment())
            log.WarnOfTokensElsewhere(settings.Downstream);
        log.WarnOfClearKeys(settings, environment);
        log.WarnOfMissingIcu();
        log.WarnOfOpenDoor(settings.OAuth);
        log.NameProxy(settings.Downstream);
        log.NameProxies(settings.OAuth);
        await PrepareAsync(cancellationToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (!settings.HasPublicUrl)
            log.WarnOfEveryInterface(addresses, settings.PublicUrl);
        return Task.CompletedTask;
    }

    // This runs while the server still listens. It does not wait where nobody probes.
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        readiness.IsWatched ? Task.Delay(settings.StopDelay, cancellationToken) : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => databaseLock?.Dispose();
}
