using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Each half minute it reads the signing keys and forgets sign-ins that were given up. Soon after the start and then each hour it
/// cleans up, and looks at the keys again before it goes on where much is left. Of several nodes one does it.
/// </summary>
internal sealed class Housekeeping(IServiceScopeFactory scopes, SigningKeyReader keys, TimeProvider time, ILogger<Housekeeping> log)
    : BackgroundService
{
    public static readonly TimeSpan KeyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstCleanUp = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (nextCleanUp, pause) = (time.GetUtcNow() + FirstCleanUp, KeyInterval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(pause, time, stoppingToken);
                pause = KeyInterval;
                await using var scope = scopes.CreateAsyncScope();
                var cleanUp = scope.ServiceProvider.GetRequiredService<CleanUp>();
                var engine = scope.ServiceProvider.GetRequiredService<IDatabaseEngine>();
                await engine.SetClockAsync(stoppingToken);
                await keys.ReadAsync(stoppingToken);
                var (now, isDue) = (time.GetUtcNow(), time.GetUtcNow() >= nextCleanUp);
                var isThrough = true; // or another node is at it
                await engine.RunAloneAsync(
                    async () =>
                        isThrough = isDue
                            ? await cleanUp.RunAsync(now, stoppingToken)
                            : await cleanUp.ForgetRequestsAsync(now, stoppingToken),
                    stoppingToken
                );
                if (!isThrough)
                    pause = TimeSpan.Zero;
                else if (isDue)
                    nextCleanUp = now + CleanUpInterval;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.LogError(failure, "Housekeeping failed and is tried again"); // the server goes on with what it has
            }
        }
    }
}
