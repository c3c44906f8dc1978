using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Looks for new signing keys each half minute and forgets sign-ins that were given up; each hour it takes out what
/// nobody needs any more. What a replay is
/// recognised by stays as long as its family; a client stays as long as anybody has a grant with it.
/// </summary>
internal sealed class Housekeeping(IServiceScopeFactory scopes, TimeProvider time, ILogger<Housekeeping> log) : BackgroundService
{
    public static readonly TimeSpan KeyInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CleanUpInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan UnusedClientLife = TimeSpan.FromHours(24);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var nextCleanUp = time.GetUtcNow() + CleanUpInterval;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(KeyInterval, time, stoppingToken);
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<OAuthDbContext>();
                await scope.ServiceProvider.GetRequiredService<SigningKeyRing>().LoadAsync(db, stoppingToken);
                await ForgetRequestsAsync(db, time.GetUtcNow(), stoppingToken);
                if (time.GetUtcNow() < nextCleanUp)
                    continue;
                nextCleanUp = time.GetUtcNow() + CleanUpInterval;
                await CleanUpAsync(db, time.GetUtcNow(), stoppingToken);
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

    internal static async Task CleanUpAsync(OAuthDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var lastUnused = now - UnusedClientLife;
        await ForgetRequestsAsync(db, now, ct);
        await db.RevokedAccessTokens.Where(token => token.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        await db.UsedAssertions.Where(assertion => assertion.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        await db.Consents.Where(consent => consent.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        // Codes and refresh tokens go with their grant: until then each is what a replay is recognised by.
        await db.Grants.Where(grant => grant.ExpiresAt <= now).ExecuteDeleteAsync(ct);
        await db
            .Clients.Where(client =>
                client.Origin != ClientOrigin.PreRegistered
                && client.DisabledAt == null
                && client.CreatedAt <= lastUnused
                && !db.Grants.Any(grant => grant.ClientId == client.Id)
                && !db.Consents.Any(consent => consent.ClientId == client.Id)
                && !db.AuthorizationRequests.Any(request => request.ClientId == client.Id)
            )
            .ExecuteDeleteAsync(ct);
    }

    private static async Task ForgetRequestsAsync(OAuthDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var (lastRequest, lastSignIn) = (now - AuthorizationRequest.Lifetime, now - UpstreamSignIn.Lifetime);
        await db.AuthorizationRequests.Where(request => request.CreatedAt <= lastRequest).ExecuteDeleteAsync(ct);
        await db.UpstreamSignIns.Where(signIn => signIn.CreatedAt <= lastSignIn).ExecuteDeleteAsync(ct);
    }
}
