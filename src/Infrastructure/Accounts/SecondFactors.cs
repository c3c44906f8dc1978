using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Keeps keys sealed and recovery codes as hashes. Each code is spent by one conditional statement.</summary>
internal sealed class SecondFactors(OAuthDbContext db, IDataProtectionProvider protection, SignInAttempts attempts, TimeProvider time)
    : ISecondFactors,
        IRecoveryCodes
{
    private readonly IDataProtector keyProtector = protection.CreateProtector("Account.AuthenticatorKey");

    public async Task<SecondFactor> FindAsync(string subject, CancellationToken ct)
    {
        var account = await db.Users.AsNoTracking().FirstAsync(user => user.Id == subject, ct);
        return new SecondFactor(
            account.TwoFactorEnabled,
            account.TwoFactorEnabled ? null : Unseal(account),
            await db.RecoveryCodes.CountAsync(code => code.Subject == subject, ct),
            account.PasswordHash is not null
        );
    }

    public Task ProposeAsync(string subject, AuthenticatorKey key, CancellationToken ct)
    {
        var sealedKey = keyProtector.Protect(key.Text().Reveal());
        return db
            .Users.Where(user => user.Id == subject && !user.TwoFactorEnabled)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.AuthenticatorKey, sealedKey), ct);
    }

    public Task<bool> TryTurnOnAsync(string subject, long step, IReadOnlyList<TokenHash> recoveryCodes, CancellationToken ct) =>
        db.InTransactionAsync(() => TurnOnAsync(subject, step, recoveryCodes, ct), ct);

    private async Task<bool> TurnOnAsync(string subject, long step, IReadOnlyList<TokenHash> recoveryCodes, CancellationToken ct)
    {
        await db.TakeTurnAsync(subject, ct);
        if (
            await db
                .Users.Where(user => user.Id == subject && !user.TwoFactorEnabled && user.AuthenticatorKey != null)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(user => user.TwoFactorEnabled, true).SetProperty(user => user.AuthenticatorStep, step),
                    ct
                ) == 0
        )
            return false;
        db.RecoveryCodes.AddRange(recoveryCodes.Select(hash => new StoredRecoveryCode(subject, hash)));
        await db.SaveChangesAsync(ct);
        return true;
    }

    public Task TurnOffAsync(string subject, CancellationToken ct) =>
        db.InTransactionAsync(
            async () =>
            {
                await db.TakeTurnAsync(subject, ct);
                await db
                    .Users.Where(user => user.Id == subject)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(user => user.TwoFactorEnabled, false).SetProperty(user => user.AuthenticatorKey, (string?)null),
                        ct
                    );
                return await db.RecoveryCodes.Where(code => code.Subject == subject).ExecuteDeleteAsync(ct);
            },
            ct
        );

    public Task<bool> TryReplaceAsync(string subject, IReadOnlyList<TokenHash> codes, CancellationToken ct) =>
        db.InTransactionAsync(() => ReplaceAsync(subject, codes, ct), ct);

    private async Task<bool> ReplaceAsync(string subject, IReadOnlyList<TokenHash> codes, CancellationToken ct)
    {
        await db.TakeTurnAsync(subject, ct);
        if (!await db.Users.AnyAsync(user => user.Id == subject && user.TwoFactorEnabled, ct))
            return false;
        await db.RecoveryCodes.Where(code => code.Subject == subject).ExecuteDeleteAsync(ct);
        db.RecoveryCodes.AddRange(codes.Select(hash => new StoredRecoveryCode(subject, hash)));
        await db.SaveChangesAsync(ct);
        return true;
    }

    public async Task<SignInOutcome> CheckCodeAsync(string subject, Secret code, SignInSource from, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (
            await db
                .Users.AsNoTracking()
                .FirstOrDefaultAsync(user => user.Id == subject && user.DisabledAt == null && user.TwoFactorEnabled, ct)
            is not { } account
        )
            return new SignInOutcome.WrongPassword();
        // Counted before it is checked, since parallel guesses could otherwise try a million codes.
        if (!await attempts.TryCountAsync(subject, SignInSource.Codes, SignInSource.PlaceLimit, now, ct))
            return new SignInOutcome.LockedOut(await attempts.WaitAsync(subject, [SignInSource.Codes], now, ct) ?? TimeSpan.FromMinutes(5));
        if (!await TrySpendAsync(account, code, now, ct))
            return new SignInOutcome.WrongPassword();
        await attempts.ForgetAsync(subject, [.. from.PlacesFor(subject).Select(place => place.Place), SignInSource.Codes], ct);
        return new SignInOutcome.SignedIn(new SignedInAccount(account.Id, account.UserName!));
    }

    private async Task<bool> TrySpendAsync(Account account, Secret code, DateTimeOffset now, CancellationToken ct)
    {
        // RFC 6238 §5.2: the second use of a code is refused
        if (Unseal(account)!.FindStep(code.Reveal().Replace(" ", "", StringComparison.Ordinal), now) is { } step)
            return await db
                    .Users.Where(user => user.Id == account.Id && (user.AuthenticatorStep == null || user.AuthenticatorStep < step))
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.AuthenticatorStep, step), ct) > 0;
        var hash = RecoveryCode.HashOf(code);
        return await db.RecoveryCodes.Where(known => known.Subject == account.Id && known.Hash == hash).ExecuteDeleteAsync(ct) > 0;
    }

    private AuthenticatorKey? Unseal(Account account) =>
        account.AuthenticatorKey is { } key ? AuthenticatorKey.Parse(new Secret(keyProtector.Unprotect(key))) : null;
}
