using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Mcp;
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
    IHostApplicationLifetime host,
    ILogger<Lifecycle> log
) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private IDisposable? databaseLock;
    private Task preparing = Task.CompletedTask;

    /// <summary>Prepares once, however often it is called.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (readiness.IsPrepared)
            return;
        Preparation.ThrowIfForgeable();
        databaseLock ??= await services.LockDatabaseAsync(ct);
        await services.PrepareAsync(ct);
        readiness.SetPrepared();
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (
            settings.OAuth.DownstreamToken == DownstreamTokenSource.Received
            && !environment.IsDevelopment()
            && services.GetRequiredService<ApiBehind>().Address is not null
        )
            log.WarnOfTokensElsewhere(settings.Downstream);
        log.WarnOfClearKeys(settings, environment);
        log.WarnOfMissingIcu();
        log.WarnOfOpenDoor(settings.OAuth);
        log.NameProxy(settings.Downstream);
        log.NameProxies(settings.OAuth);
        try
        {
            await PrepareAsync(cancellationToken);
        }
        catch (Exception absence) when (IsAbsence(absence))
        {
            log.LogWarning(
                "ConnectionStrings:Database: {Reason:l} The server begins to serve when it does; until then /health/ready says so.",
                absence.Message
            );
            preparing = PrepareWhenPresentAsync();
        }
    }

    // A database server that is started after this one, as machines do after a power failure. A restart would help nobody.
    private async Task PrepareWhenPresentAsync()
    {
        var stopping = host.ApplicationStopping;
        while (!stopping.IsCancellationRequested && !readiness.IsPrepared)
        {
            try
            {
                await Task.Delay(Look, stopping);
                await PrepareAsync(stopping);
                log.LogInformation("The database server answers, and this server serves.");
            }
            catch (Exception absence) when (IsAbsence(absence) || stopping.IsCancellationRequested)
            {
                continue;
            }
            catch (Exception failure)
            {
                // It is there, and it is not one to serve with.
                log.LogCritical(failure, "The database cannot be served with: {Reason}", failure.Message);
                Environment.ExitCode = 1;
                host.StopApplication();
                return;
            }
        }
    }

    // The driver says so of what passes by itself: nobody listens, too many connections, a server that is still starting.
    private static bool IsAbsence(Exception? failure) =>
        failure is DbException { IsTransient: true } or SocketException || (failure?.InnerException is { } cause && IsAbsence(cause));

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

    public Task StopAsync(CancellationToken cancellationToken) => preparing.WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => databaseLock?.Dispose();
}
