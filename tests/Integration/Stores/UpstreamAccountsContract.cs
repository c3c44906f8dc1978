using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Upstream;

namespace OAuthMcp.Integration.Stores;

public abstract class UpstreamAccountsContract(StoreFixture stores)
{
    [Fact]
    public async Task Makes_an_account_of_an_identity_and_finds_it_again_by_its_subject()
    {
        var identity = Rows.Identity();
        var account = await stores.AccountAsync(identity);
        var again = await stores.AccountAsync(Rows.Identity(identity.User.Subject, "renamed"));
        Assert.Equal(account, again);
        Assert.Equal(new LinkedAccount("corp", "renamed", HasToken: true), Assert.Single(await ListAsync(account.Subject)));
        Assert.NotEqual(account.Subject, (await stores.AccountAsync(Rows.Identity(userName: identity.User.UserName))).Subject);
    }

    [Fact]
    public async Task Makes_one_account_of_an_identity_that_signs_in_16_times_at_once()
    {
        var identity = Rows.Identity();
        var results = await stores.RaceAsync(16, (IUpstreamAccounts accounts, int _) =>
            accounts.SignInAsync(Rows.Provider, identity, null, stores.Now, Rows.Ct)
        );
        Assert.Single(results.Select(result => result.Try(out var account, out var _) ? account.Account.Subject : null).Distinct());
    }

    [Fact]
    public async Task Links_an_identity_to_one_account_and_to_no_other()
    {
        var (alice, bob, identity) = (await stores.AccountAsync(), await stores.AccountAsync(), Rows.Identity());
        Assert.Equal(alice, await stores.AccountAsync(identity, alice.Subject));
        var refused = await stores.InAsync(
            (IUpstreamAccounts accounts) => accounts.SignInAsync(Rows.Provider, identity, bob.Subject, stores.Now, Rows.Ct)
        );
        Assert.False(refused.Try(out _, out var refusal));
        Assert.Equal("identity is linked to another account", refusal?.Detail);
        Assert.Empty(await ListAsync(bob.Subject));
    }

    [Fact]
    public async Task Signs_no_disabled_account_in()
    {
        var identity = Rows.Identity();
        var account = await stores.AccountAsync(identity);
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        var refused = await stores.InAsync(
            (IUpstreamAccounts accounts) => accounts.SignInAsync(Rows.Provider, identity, null, stores.Now, Rows.Ct)
        );
        Assert.False(refused.Try(out _, out _));
    }

    [Fact]
    public async Task Unlinks_all_but_the_last_way_in()
    {
        var withPassword = await stores.AccountAsync();
        await stores.AccountAsync(Rows.Identity(), withPassword.Subject);
        Assert.True(await UnlinkAsync(withPassword.Subject));
        Assert.Empty(await ListAsync(withPassword.Subject));
        Assert.False(await UnlinkAsync(withPassword.Subject));

        var without = await stores.AccountAsync(Rows.Identity());
        Assert.True(await UnlinkAsync(without.Subject));
        Assert.False(Assert.Single(await ListAsync(without.Subject)).HasToken);
    }

    [Fact]
    public async Task Keeps_a_way_in_when_all_are_given_up_at_once()
    {
        for (var round = 0; round < 8; round++)
        {
            var account = await stores.AccountAsync(Rows.Identity());
            var second = Rows.Provider with { Name = "second" };
            await stores.InAsync(
                (IUpstreamAccounts accounts) => accounts.SignInAsync(second, Rows.Identity(), account.Subject, stores.Now, Rows.Ct)
            );
            await stores.RaceAsync(2, (IUpstreamAccounts accounts, int racer) =>
                accounts.TryUnlinkAsync(account.Subject, racer == 0 ? Rows.Provider.Name : second.Name, Rows.Ct)
            );
            Assert.Single(await ListAsync(account.Subject));
        }
    }

    private Task<IReadOnlyList<LinkedAccount>> ListAsync(string subject) =>
        stores.InAsync((IUpstreamAccounts accounts) => accounts.ListAsync(subject, Rows.Ct));

    private Task<bool> UnlinkAsync(string subject) =>
        stores.InAsync((IUpstreamAccounts accounts) => accounts.TryUnlinkAsync(subject, Rows.Provider.Name, Rows.Ct));
}
