using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Upstream;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Opens a context a call, since tools ask from scopes that live for minutes.</summary>
internal sealed class UpstreamTokenStore(IServiceScopeFactory scopes, UpstreamTokenSeal seal) : IUpstreamTokenStore
{
    public Task<UpstreamToken?> FindAsync(string subject, string provider, CancellationToken ct) => WithAsync(async db =>
        await db.UpstreamTokens.AsNoTracking().Where(token => token.Subject == subject && token.Provider == provider)
            .Join(db.UserLogins, token => new { token.Subject, token.Provider }, login => new { Subject = login.UserId, Provider = login.LoginProvider }, (token, login) => new { Row = token, Identity = login.ProviderKey })
            .FirstOrDefaultAsync(ct) is { } found ? seal.Open(found.Row, found.Identity) : null);

    public Task<bool> TryLeaseAsync(UpstreamToken token, string lease, DateTimeOffset now, DateTimeOffset until, CancellationToken ct) => WithAsync(async db =>
        await Same(db, token.Subject, token.Provider, token.Generation).Where(row => row.LeasedUntil == null || row.LeasedUntil <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Lease, lease).SetProperty(row => row.LeasedUntil, until), ct) > 0);

    public Task<bool> TryRenewAsync(UpstreamToken renewed, CancellationToken ct) => WithAsync(async db =>
    {
        var (accessToken, refreshToken) = seal.Close(renewed);
        return await Same(db, renewed.Subject, renewed.Provider, renewed.Generation - 1).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.SealedAccessToken, accessToken)
            .SetProperty(row => row.SealedRefreshToken, refreshToken)
            .SetProperty(row => row.Scope, renewed.Scope)
            .SetProperty(row => row.ExpiresAt, renewed.ExpiresAt)
            .SetProperty(row => row.Generation, renewed.Generation)
            .SetProperty(row => row.Refusals, 0)
            .SetProperty(row => row.Lease, (string?)null)
            .SetProperty(row => row.LeasedUntil, (DateTimeOffset?)null), ct) > 0;
    });

    public Task ReleaseAsync(UpstreamToken token, string lease, int refusals, DateTimeOffset until, CancellationToken ct) => WithAsync(db =>
        Same(db, token.Subject, token.Provider, token.Generation).Where(row => row.Lease == lease).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Refusals, refusals)
            .SetProperty(row => row.Lease, (string?)null)
            .SetProperty(row => row.LeasedUntil, until), ct));

    private static IQueryable<UpstreamTokenRow> Same(OAuthDbContext db, string subject, string provider, long generation) =>
        db.UpstreamTokens.Where(row => row.Subject == subject && row.Provider == provider && row.Generation == generation);

    private async Task<T> WithAsync<T>(Func<OAuthDbContext, Task<T>> work)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<OAuthDbContext>());
    }
}

/// <summary>Seals upstream tokens to user and provider: a ciphertext that is moved to another row does not open.</summary>
internal sealed class UpstreamTokenSeal(IDataProtectionProvider protection)
{
    public (string AccessToken, string? RefreshToken) Close(UpstreamToken token) => (
        For(token.Subject, token.Provider, "access").Protect(token.AccessToken.Reveal()),
        token.RefreshToken is { } refreshToken ? For(token.Subject, token.Provider, "refresh").Protect(refreshToken.Reveal()) : null);

    /// <summary>Null when it does not open: the key is gone, or the row was tampered with. The account is linked anew then.</summary>
    public UpstreamToken? Open(UpstreamTokenRow row, string identity)
    {
        try
        {
            return new UpstreamToken
            {
                Subject = row.Subject,
                Provider = row.Provider,
                Identity = identity,
                AccessToken = new Secret(For(row.Subject, row.Provider, "access").Unprotect(row.SealedAccessToken)),
                RefreshToken = row.SealedRefreshToken is { } refreshToken ? new Secret(For(row.Subject, row.Provider, "refresh").Unprotect(refreshToken)) : null,
                Scope = row.Scope,
                ExpiresAt = row.ExpiresAt,
                Generation = row.Generation,
                Refusals = row.Refusals,
                LeasedUntil = row.LeasedUntil,
                Lease = row.Lease,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector For(string subject, string provider, string part) => protection.CreateProtector("UpstreamToken", subject, provider, part);
}
