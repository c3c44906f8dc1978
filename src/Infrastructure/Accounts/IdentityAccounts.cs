using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Accounts;

/// <summary>Passwords and lockout by ASP.NET Core Identity; unknown names are treated alike, in text and in time.</summary>
internal sealed class IdentityAccounts(UserManager<Account> users, UnknownNames unknownNames, TimeProvider time) : IAccounts
{
    public async Task<SignInOutcome> CheckPasswordAsync(string userName, Secret password, CancellationToken ct)
    {
        if (await users.FindByNameAsync(userName) is not { } account) return unknownNames.Check(userName, password, users.PasswordHasher);
        if (await users.IsLockedOutAsync(account)) return new SignInOutcome.LockedOut(account.LockoutEnd!.Value - time.GetUtcNow());

        if (!await users.CheckPasswordAsync(account, password.Reveal()) || account.DisabledAt is not null)
        {
            await users.AccessFailedAsync(account);
            return new SignInOutcome.WrongPassword();
        }

        await users.ResetAccessFailedCountAsync(account);
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
}
