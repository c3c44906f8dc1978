using System.Buffers.Text;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class AccountsContract(StoreFixture stores)
{
    [Fact]
    public async Task Knows_an_account_by_its_password_and_by_no_other()
    {
        var account = await stores.AccountAsync();
        var signedIn = Assert.IsType<SignInOutcome.SignedIn>(await CheckAsync(account.UserName, Rows.Password));
        Assert.Equal(account.Subject, signedIn.Account.Subject);
        Assert.IsType<SignInOutcome.WrongPassword>(await CheckAsync(account.UserName, new Secret("wrong")));
        Assert.IsType<SignInOutcome.WrongPassword>(await CheckAsync("nobody", Rows.Password));
    }

    [Fact]
    public async Task Refuses_a_name_that_is_taken()
    {
        var account = await stores.AccountAsync();
        var second = await stores.InAsync(
            (IAccounts accounts) => accounts.AddAsync(account.UserName.ToUpperInvariant(), Rows.Password, Rows.Ct)
        );
        Assert.False(second.Try(out _, out _));
    }

    [Fact]
    public async Task Locks_after_ten_wrong_passwords_that_come_at_once()
    {
        var account = await stores.AccountAsync();
        await stores.RaceAsync(10, (IAccounts accounts, int _) =>
            accounts.CheckPasswordAsync(account.UserName, new Secret("wrong"), SignInSource.Unknown, Rows.Ct)
        );
        Assert.IsType<SignInOutcome.LockedOut>(await CheckAsync(account.UserName, Rows.Password));
    }

    [Fact]
    public async Task A_new_password_ends_what_was_allowed_before()
    {
        var account = await stores.AccountAsync();
        var (grant, _) = await stores.AllowAsync(account.Subject, "cli");
        await stores.RememberAsync(Rows.Consent(stores.Now, account.Subject, "cli"));
        var next = new Secret("another horse battery");
        await stores.InAsync((IAccounts accounts) => accounts.SetPasswordAsync(account.UserName, next, null, Rows.Ct));
        Assert.IsType<SignInOutcome.WrongPassword>(await CheckAsync(account.UserName, Rows.Password));
        Assert.IsType<SignInOutcome.SignedIn>(await CheckAsync(account.UserName, next));
        Assert.NotNull((await stores.InAsync((IGrantStore grants) => grants.FindAsync(grant.Id, Rows.Ct)))?.RevokedAt);
        Assert.Null(await stores.InAsync((IConsentStore consents) => consents.FindAsync(account.Subject, "cli", Rows.Ct)));
    }

    [Fact]
    public async Task A_new_password_removes_the_passkeys_that_are_named_or_all_of_the_account()
    {
        var (account, other) = (await stores.AccountAsync(), await stores.AccountAsync());
        var (first, _, others) = (
            await stores.AddPasskeyAsync(account.Subject),
            await stores.AddPasskeyAsync(account.Subject),
            await stores.AddPasskeyAsync(other.Subject)
        );
        Assert.Equal((0, 2), await ReplaceAsync([]));
        Assert.Equal((0, 2), await ReplaceAsync([Base64Url.EncodeToString(others), "no base64!"]));
        Assert.Equal((1, 1), await ReplaceAsync([Base64Url.EncodeToString(first)]));
        Assert.Equal((1, 0), await ReplaceAsync(null));
        Assert.Equal((0, 1), (await CountAsync(account), await CountAsync(other)));

        async Task<int> CountAsync(SignedInAccount of) =>
            (await stores.InAsync((IAccountDetails all) => all.FindAsync(of.UserName, stores.Now, Rows.Ct)))!.Passkeys.Count;

        async Task<(int Removed, int Kept)> ReplaceAsync(string[]? passkeys)
        {
            var result = await stores.InAsync(
                (IAccounts accounts) => accounts.SetPasswordAsync(account.UserName, Rows.Password, passkeys, Rows.Ct)
            );
            Assert.True(result.Try(out var replaced, out _));
            return (replaced.PasskeysRemoved, replaced.PasskeysKept);
        }
    }

    [Fact]
    public async Task Lists_and_disables()
    {
        var account = await stores.AccountAsync();
        Assert.True(await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct)));
        Assert.False(await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync("nobody", Rows.Ct)));
        Assert.IsType<SignInOutcome.WrongPassword>(await CheckAsync(account.UserName, Rows.Password));
        Assert.Contains(
            new ListedAccount(account.Subject, account.UserName, IsDisabled: true),
            await stores.InAsync((IAccountAdministration accounts) => accounts.ListAsync(Rows.Ct))
        );
    }

    [Fact]
    public async Task Finds_a_name_in_every_spelling()
    {
        var account = await stores.AccountAsync();
        Assert.Equal(account.Subject, await FindAsync(account.UserName));
        Assert.Equal(account.Subject, await FindAsync(account.UserName.ToUpperInvariant()));
        Assert.Null(await FindAsync("nobody"));
        Assert.Null(await FindAsync(""));

        Task<string?> FindAsync(string userName) =>
            stores.InAsync((IAccountAdministration accounts) => accounts.FindAsync(userName, Rows.Ct));
    }

    private Task<SignInOutcome> CheckAsync(string userName, Secret password) =>
        stores.InAsync((IAccounts accounts) => accounts.CheckPasswordAsync(userName, password, SignInSource.Unknown, Rows.Ct));
}
