using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>
/// Passwords by ASP.NET Core Identity; unknown names are treated alike, in text and in time. Attempts are counted here:
/// Identity reads, adds and saves, so that of guesses that come at once it counts one.
/// </summary>
internal sealed class IdentityAccounts(UserManager<Account> users, OAuthDbContext db, UnknownNames unknownNames, TimeProvider time) : IAccounts
{
    public async Task<SignInOutcome> CheckPasswordAsync(string userName, Secret password, CancellationToken ct)
    {
        if (await users.FindByNameAsync(userName) is not { } account) return unknownNames.Check(userName, password, users.PasswordHasher);
        var now = time.GetUtcNow();
        if (account.LockoutEnd is { } end && end > now) return new SignInOutcome.LockedOut(end - now);

        if (!await users.CheckPasswordAsync(account, password.Reveal()) || account.DisabledAt is not null)
        {
            await CountFailureAsync(account.Id, now, ct);
            return new SignInOutcome.WrongPassword();
        }

        await db.Users.Where(user => user.Id == account.Id && user.AccessFailedCount > 0).ExecuteUpdateAsync(set => set.SetProperty(user => user.AccessFailedCount, 0), ct);
        return new SignInOutcome.SignedIn(new SignedInAccount(account.Id, account.UserName!));
    }

    public async Task<Result<SignedInAccount>> AddAsync(string userName, Secret password, CancellationToken ct)
    {
        if (await users.FindByNameAsync(userName) is not null) return OAuthError.InvalidRequest("An account of that name exists.") with { Detail = AddAccountCommand.NameTaken };
        var account = new Account { Id = Identifier.New("usr"), UserName = userName };
        var result = await users.CreateAsync(account, password.Reveal());
        return result.Succeeded ? new SignedInAccount(account.Id, userName) : OAuthError.InvalidRequest(result.Errors.First().Description);
    }

    public Task<bool> AnyAsync(CancellationToken ct) => users.Users.AnyAsync(ct);

    private Task<int> CountFailureAsync(string id, DateTimeOffset now, CancellationToken ct)
    {
        DateTimeOffset? end = now + UnknownNames.LockoutTime;
        return db.Users.Where(user => user.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(user => user.LockoutEnd, user => user.AccessFailedCount + 1 >= UnknownNames.MaxAttempts ? end : user.LockoutEnd)
            .SetProperty(user => user.AccessFailedCount, user => user.AccessFailedCount + 1 >= UnknownNames.MaxAttempts ? 0 : user.AccessFailedCount + 1), ct);
    }
}
