using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Passwords by ASP.NET Core Identity. Unknown names look like wrong passwords, in text and in time.</summary>
internal sealed class IdentityAccounts(
    UserManager<Account> users,
    OAuthDbContext db,
    RevocationFeed revocations,
    SignInAttempts attempts,
    IFailureCounts failures,
    OAuthSettings settings,
    PasswordQueue queue,
    TimeProvider time
) : IAccounts
{
    private const string NameIsTaken = "An account of that name exists.";

    public async Task<SignInOutcome> CheckPasswordAsync(string userName, Secret password, SignInSource from, CancellationToken ct)
    {
        using var turn = await queue.EnterAsync(ct);
        if (!turn.IsAcquired)
            return new SignInOutcome.LockedOut(TimeSpan.FromSeconds(5));
        var now = time.GetUtcNow();
        if (await failures.WaitAsync(FailureKind.Password, from.Peer, settings.MaxWrongPasswordsPerMinute, now, ct) is { } pause)
            return new SignInOutcome.LockedOut(pause);
        // An account that signs in at a provider has no password. It must look like a name without an account.
        var account = await users.FindByNameAsync(userName) is { PasswordHash: not null } found ? found : null;
        var subject = account?.Id ?? UnknownName.SubjectOf(users.NormalizeName(userName));
        var places = from.PlacesFor(account?.Id);
        if (await attempts.WaitAsync(subject, [.. places.Select(place => place.Place), SignInSource.Codes], now, ct) is { } wait)
            return new SignInOutcome.LockedOut(wait);

        if (!await IsPasswordAsync(account, password) || account is null or { DisabledAt: not null })
        {
            foreach (var (place, limit) in places)
                await attempts.TryCountAsync(subject, place, limit, now, ct);
            if (settings.MaxWrongPasswordsPerMinute > 0)
                await failures.CountAsync(FailureKind.Password, from.Peer, now, ct);
            return new SignInOutcome.WrongPassword();
        }

        var known = new SignedInAccount(account.Id, account.UserName!, account.SecurityStamp);
        if (account.TwoFactorEnabled)
            return new SignInOutcome.NeedsCode(known); // wrong codes stay counted, or codes could be guessed without end
        await attempts.ForgetAsync(account.Id, places.Select(place => place.Place), ct);
        return new SignInOutcome.SignedIn(known);
    }

    // Tried as it was typed too: an old password may have been stored without normalisation.
    private async Task<bool> IsPasswordAsync(Account? account, Secret password)
    {
        if (account is not null)
            return TypedText.Password(password) is var normal && await users.CheckPasswordAsync(account, normal.Reveal())
                || (!normal.Equals(password) && await users.CheckPasswordAsync(account, password.Reveal()));
        UnknownName.CheckPassword(users.PasswordHasher, password);
        return false;
    }

    public async Task<Result<SignedInAccount>> AddAsync(string userName, Secret password, CancellationToken ct)
    {
        if (await users.FindByNameAsync(userName) is not null)
            return OAuthError.InvalidRequest(NameIsTaken);
        var account = new Account { Id = Identifier.New("usr"), UserName = userName };
        try
        {
            var result = await users.CreateAsync(account, TypedText.Password(password).Reveal());
            return result.Succeeded
                ? new SignedInAccount(account.Id, userName)
                : OAuthError.InvalidRequest(result.Errors.First().Description);
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (await users.FindByNameAsync(userName) is null)
                throw;
            return OAuthError.InvalidRequest(NameIsTaken); // by another who added it at the same moment
        }
    }

    public Task<Result<ReplacedPassword>> SetPasswordAsync(
        string userName,
        Secret password,
        IReadOnlyCollection<string>? passkeys,
        CancellationToken ct
    ) =>
        revocations.RevokeAsync(
            RevocationKind.User,
            async () =>
            {
                var replaced = await ReplacePasswordAsync(userName, password, passkeys, ct);
                return (replaced, replaced.Try(out var done, out _) ? done.Account.Subject : null);
            },
            ct
        );

    private async Task<Result<ReplacedPassword>> ReplacePasswordAsync(
        string userName,
        Secret password,
        IReadOnlyCollection<string>? passkeys,
        CancellationToken ct
    )
    {
        if (await users.FindByNameAsync(userName) is not { } account)
            return OAuthError.InvalidRequest("There is no account of that name.");
        await db.TakeTurnAsync(account.Id, ct);
        account.PasswordHash = users.PasswordHasher.HashPassword(account, TypedText.Password(password).Reveal());
        var result = await users.UpdateSecurityStampAsync(account);
        if (!result.Succeeded)
            return OAuthError.InvalidRequest(result.Errors.First().Description);
        var now = time.GetUtcNow();
        var ended = await db
            .Grants.Where(grant => grant.Subject == account.Id && grant.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
        await db.Consents.Where(consent => consent.Subject == account.Id).ExecuteDeleteAsync(ct);
        await db.FailedSignIns.Where(failed => failed.Subject == account.Id).ExecuteDeleteAsync(ct);
        var (removed, kept) = await RemovePasskeysAsync(account.Id, passkeys, ct);
        return new ReplacedPassword(new SignedInAccount(account.Id, account.UserName!), ended, removed, kept);
    }

    private async Task<(int Removed, int Kept)> RemovePasskeysAsync(
        string subject,
        IReadOnlyCollection<string>? passkeys,
        CancellationToken ct
    )
    {
        var all = db.UserPasskeys.Where(passkey => passkey.UserId == subject);
        if (passkeys is null)
            return (await all.ExecuteDeleteAsync(ct), 0);
        var removed = 0;
        foreach (var id in passkeys.Where(id => Base64Url.IsValid(id)).Select(id => Base64Url.DecodeFromChars(id)))
            removed += await all.Where(passkey => passkey.CredentialId == id).ExecuteDeleteAsync(ct);
        return (removed, await all.CountAsync(ct));
    }
}
