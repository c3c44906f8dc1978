using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Opens a database context for each call, since tools ask from scopes that live for minutes.</summary>
internal sealed class UpstreamTokenStore(IServiceScopeFactory scopes, UpstreamTokenSeal seal) : IUpstreamTokenStore
{
    public Task<UpstreamToken?> FindAsync(string subject, string provider, CancellationToken ct) =>
        WithAsync(async db =>
            await db
                .UpstreamTokens.AsNoTracking()
                .Where(token => token.Subject == subject && token.Provider == provider)
                .Join(
                    db.UserLogins,
                    token => new { token.Subject, token.Provider },
                    login => new { Subject = login.UserId, Provider = login.LoginProvider },
                    (token, login) => new { Row = token, Identity = login.ProviderKey }
                )
                .FirstOrDefaultAsync(ct)
                is { } found
                ? seal.Open(found.Row, found.Identity)
                : null
        );

    public Task<bool> TryLeaseAsync(UpstreamToken token, string lease, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) =>
        WithAsync(async db =>
            await Same(db, token.Subject, token.Provider, token.Generation)
                .Where(row => row.LeasedUntil == null || row.LeasedUntil <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Lease, lease).SetProperty(row => row.LeasedUntil, until), ct) > 0
        );

    public Task<bool> TryRenewAsync(UpstreamToken renewed, CancellationToken ct) =>
        WithAsync(async db =>
        {
            var (accessToken, refreshToken) = seal.Close(renewed);
            return await Same(db, renewed.Subject, renewed.Provider, renewed.Generation - 1)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.SealedAccessToken, accessToken)
                                .SetProperty(row => row.SealedRefreshToken, refreshToken)
                                .SetProperty(row => row.Scope, renewed.Scope)
                                .SetProperty(row => row.ExpiresAt, renewed.ExpiresAt)
                                .SetProperty(row => row.Generation, renewed.Generation)
                                .SetProperty(row => row.Refusals, 0)
                                .SetProperty(row => row.Lease, (string?)null)
                                .SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null),
                        ct
                    ) > 0;
        });

    public Task ReleaseAsync(UpstreamToken token, string lease, int refusals, DateTimeOffset until, CancellationToken ct) =>
        WithAsync(db =>
            Same(db, token.Subject, token.Provider, token.Generation)
                .Where(row => row.Lease == lease)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.Refusals, refusals)
                            .SetProperty(row => row.Lease, (string?)null)
                            .SetProperty(row => row.LeasedUntil, until),
                    ct
                )
        );

    private static IQueryable<UpstreamTokenRow> Same(OAuthDbContext db, string subject, string provider, long generation) =>
        db.UpstreamTokens.Where(row => row.Subject == subject && row.Provider == provider && row.Generation == generation);

    private async Task<T> WithAsync<T>(Func<OAuthDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<OAuthDbContext>());
    }
}
