using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

internal sealed class StoredAccountDetails(OAuthDbContext db, ILookupNormalizer names) : IAccountDetails
{
    public async Task<AccountDetails?> FindAsync(string userName, DateTimeOffset now, CancellationToken ct)
    {
        var name = names.NormalizeName(userName);
        if (await db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.NormalizedUserName == name, ct) is not { } account)
            return null;
        return new AccountDetails(
            account.Id,
            account.UserName!,
            account.DisabledAt,
            await LockoutsAsync(account.Id, now, ct),
            await LastSignInAsync(account.Id, ct),
            account.FailedSinceSignIn,
            account.PasswordHash is not null,
            account.TwoFactorEnabled,
            await db.RecoveryCodes.CountAsync(code => code.Subject == account.Id, ct),
            await PasskeysAsync(account.Id, ct),
            await db
                .UserLogins.Where(login => login.UserId == account.Id)
                .OrderBy(login => login.LoginProvider)
                .Select(login => new AccountDetails.Identity(
                    login.LoginProvider,
                    login.ProviderDisplayName ?? login.ProviderKey,
                    login.ProviderKey
                ))
                .ToListAsync(ct)
        );
    }

    private async Task<DateTimeOffset?> LastSignInAsync(string subject, CancellationToken ct) =>
        (
            await db
                .Audit.AsNoTracking()
                .Where(row => row.What == AuditWords.SignIn && row.Decision == AuditWords.Allowed && row.Subject == subject)
                .OrderByDescending(row => row.Id)
                .FirstOrDefaultAsync(ct)
        )?.At;

    private async Task<IReadOnlyList<AccountDetails.Lockout>> LockoutsAsync(string subject, DateTimeOffset now, CancellationToken ct) =>
        await db
            .FailedSignIns.Where(failed => failed.Subject == subject && failed.LockedUntil > now)
            .OrderBy(failed => failed.LockedUntil)
            .Select(failed => new AccountDetails.Lockout(failed.Place, failed.LockedUntil!.Value))
            .ToListAsync(ct);

    private async Task<IReadOnlyList<Passkey>> PasskeysAsync(string subject, CancellationToken ct) =>
        [
            .. (await db.UserPasskeys.AsNoTracking().Where(passkey => passkey.UserId == subject).ToListAsync(ct))
                .Select(passkey => new Passkey(Base64Url.EncodeToString(passkey.CredentialId), passkey.Data.Name, passkey.Data.CreatedAt))
                .OrderBy(passkey => passkey.CreatedAt),
        ];
}
