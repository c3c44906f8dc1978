using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Integration.Stores;

public abstract class AccountDetailsContract(StoreFixture stores)
{
    [Fact]
    public async Task Knows_a_new_account_and_none_that_is_not_there()
    {
        var account = await stores.AccountAsync();
        var found = await FindAsync(account.UserName.ToUpperInvariant());
        Assert.Equal(
            (account.Subject, account.UserName, null, true),
            (found!.Subject, found.UserName, found.DisabledAt, found.HasPassword)
        );
        Assert.Equal((false, 0, 0, null), (found.HasAuthenticator, found.RecoveryCodesLeft, found.FailedSignIns, found.LastSignInAt));
        Assert.Equal((0, 0, 0), (found.Lockouts.Count, found.Passkeys.Count, found.LinkedAccounts.Count));
        Assert.Null(await FindAsync("nobody at all"));
    }

    [Fact]
    public async Task Knows_every_way_in_and_what_keeps_from_them()
    {
        var account = await stores.AccountAsync();
        await stores.AddPasskeyAsync(account.Subject, "my phone");
        await stores.AddPasskeyAsync((await stores.AccountAsync()).Subject, "another's");
        await stores.InAsync((ISecondFactors factors) => factors.ProposeAsync(account.Subject, AuthenticatorKey.Generate(), Rows.Ct));
        await stores.InAsync((ISecondFactors factors) => factors.TryTurnOnAsync(account.Subject, 0, [Rows.Hash(), Rows.Hash()], Rows.Ct));
        await stores.AccountAsync(Rows.Identity("sub-1", "octocat"), linkTo: account.Subject);
        for (var attempt = 0; attempt < 10; attempt++)
            await stores.InAsync(
                (IAccounts accounts) =>
                    accounts.CheckPasswordAsync(account.UserName, new Secret("wrong"), new SignInSource("192.0.2.1", null, null), Rows.Ct)
            );
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));

        var found = (await FindAsync(account.UserName))!;
        Assert.Equal((true, 2, 10), (found.HasAuthenticator, found.RecoveryCodesLeft, found.FailedSignIns));
        Assert.Equal(("my phone", DateTimeOffset.UnixEpoch), (Assert.Single(found.Passkeys).Name, found.Passkeys[0].CreatedAt));
        Assert.Equal(new AccountDetails.Identity(Rows.Provider.Name, "octocat", "sub-1"), Assert.Single(found.LinkedAccounts));
        Assert.Equal(new AccountDetails.Lockout("peer 192.0.2.1", stores.Now + TimeSpan.FromMinutes(5)), Assert.Single(found.Lockouts));
        Assert.Equal(stores.Now, found.DisabledAt);
    }

    private Task<AccountDetails?> FindAsync(string userName) =>
        stores.InAsync((IAccountDetails accounts) => accounts.FindAsync(userName, stores.Now, Rows.Ct));
}
