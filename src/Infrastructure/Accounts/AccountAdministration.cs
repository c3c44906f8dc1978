using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Accounts;

internal sealed class AccountAdministration(ILookupNormalizer names, OAuthDbContext db, RevocationFeed revocations, TimeProvider time)
    : IAccountAdministration
{
    public async Task<IReadOnlyList<ListedAccount>> ListAsync(CancellationToken ct) =>
        await db
            .Users.OrderBy(user => user.UserName)
            .Select(user => new ListedAccount(user.Id, user.UserName!, user.DisabledAt != null))
            .ToListAsync(ct);

    public Task<string?> FindAsync(string userName, CancellationToken ct) =>
        Named(userName).Select(user => user.Id).FirstOrDefaultAsync(ct);

    public Task<bool> TryDisableAsync(string userName, CancellationToken ct) => EndAsync(userName, DisableAsync, ct);

    private async Task<bool> DisableAsync(IQueryable<Account> account, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        return await account.ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, user => user.DisabledAt ?? now), ct) > 0;
    }

    public Task<bool> TryEnableAsync(string userName, CancellationToken ct) => EndAsync(userName, EnableAsync, ct);

    private async Task<bool> EnableAsync(IQueryable<Account> account, CancellationToken ct)
    {
        var isDisabled = account.Where(user => user.DisabledAt != null);
        await EndGrantsAsync(isDisabled, ct);
        var stamp = NewStamp();
        await isDisabled.ExecuteUpdateAsync(
            set => set.SetProperty(user => user.DisabledAt, (DateTimeOffset?)null).SetProperty(user => user.SecurityStamp, stamp),
            ct
        );
        return await account.AnyAsync(ct);
    }

    public Task<bool> TryResetFactorsAsync(string userName, CancellationToken ct) =>
        db.InTransactionAsync(() => ResetFactorsAsync(userName, ct), ct);

    private async Task<bool> ResetFactorsAsync(string userName, CancellationToken ct)
    {
        if (await FindAsync(userName, ct) is { } subject)
            await db.TakeTurnAsync(subject, ct);
        var account = Named(userName);
        await db.UserPasskeys.Where(passkey => account.Any(user => user.Id == passkey.UserId)).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(code => account.Any(user => user.Id == code.Subject)).ExecuteDeleteAsync(ct);
        await db.FailedSignIns.Where(failed => account.Any(user => user.Id == failed.Subject)).ExecuteDeleteAsync(ct);
        var stamp = NewStamp();
        return await account.ExecuteUpdateAsync(
                set =>
                    set.SetProperty(user => user.TwoFactorEnabled, false)
                        .SetProperty(user => user.AuthenticatorKey, (string?)null)
                        .SetProperty(user => user.SecurityStamp, stamp),
                ct
            ) > 0;
    }

    public Task<bool> TryDeleteAsync(string userName, CancellationToken ct) => EndAsync(userName, DeleteAsync, ct);

    private async Task<bool> DeleteAsync(IQueryable<Account> account, CancellationToken ct)
    {
        await EndGrantsAsync(account, ct);
        return await account.ExecuteDeleteAsync(ct) > 0; // passkeys, codes and links go with the row
    }

    /// <summary>An act that changes what the tokens of an account are worth. False when there is no such account.</summary>
    private Task<bool> EndAsync(string userName, Func<IQueryable<Account>, CancellationToken, Task<bool>> act, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.User,
            async () =>
            {
                if (await FindAsync(userName, ct) is not { } subject)
                    return (false, (string?)null);
                // What the user allows at the same moment ends too, or is not allowed any more.
                await db.TakeTurnAsync(subject, ct);
                return await act(db.Users.Where(user => user.Id == subject), ct) ? (true, subject) : (false, (string?)null);
            },
            ct
        );

    // Ends every session, since each carries the stamp that it began with.
    private static string NewStamp() => Guid.NewGuid().ToString("N");

    public Task<int> EndAllAsync(CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Everything,
            async () =>
            {
                await db.AllowLongWorkAsync(ct);
                var stamp = NewStamp();
                await db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.SecurityStamp, stamp), ct);
                await db.AuthorizationRequests.ExecuteDeleteAsync(ct);
                await db.UpstreamSignIns.ExecuteDeleteAsync(ct);
                return (await EndGrantsAsync(db.Users, ct), (string?)RevocationFeed.All);
            },
            ct
        );

    private IQueryable<Account> Named(string userName)
    {
        var name = names.NormalizeName(userName);
        return db.Users.Where(user => user.NormalizedUserName == name);
    }

    /// <returns>How many grants were live.</returns>
    private async Task<int> EndGrantsAsync(IQueryable<Account> accounts, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await db.Consents.Where(consent => accounts.Any(user => user.Id == consent.Subject)).ExecuteDeleteAsync(ct);
        return await db
            .Grants.Where(grant => grant.RevokedAt == null && accounts.Any(user => user.Id == grant.Subject))
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
    }
}
