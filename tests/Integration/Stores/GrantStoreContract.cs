using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Integration.Stores;

public abstract class GrantStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_the_grant_of_an_account()
    {
        var (grant, _) = await stores.AllowAsync((await stores.AccountAsync()).Subject);
        Assert.Equivalent(grant, await FindAsync(grant.Id), strict: true);
        Assert.Null(await FindAsync("grt_none"));
    }

    [Fact]
    public async Task Finds_no_grant_of_a_user_who_is_disabled_or_gone()
    {
        var account = await stores.AccountAsync();
        var (grant, _) = await stores.AllowAsync(account.Subject);
        var (orphan, _) = await stores.AllowAsync("usr_gone");
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Null(await FindAsync(grant.Id));
        Assert.Null(await FindAsync(orphan.Id));
    }

    [Fact]
    public async Task Revokes_once_and_stays_with_the_first_time()
    {
        var (grant, _) = await stores.AllowAsync((await stores.AccountAsync()).Subject);
        var first = stores.Now;
        await RevokeAsync(grant.Id);
        stores.Clock.Advance(TimeSpan.FromMinutes(1));
        await RevokeAsync(grant.Id);
        await RevokeAsync("grt_none");
        Assert.Equal(first, (await FindAsync(grant.Id))?.RevokedAt);
    }

    private Task<Grant?> FindAsync(string id) => stores.InAsync((IGrantStore grants) => grants.FindAsync(id, Rows.Ct));

    private Task RevokeAsync(string id) => stores.InAsync((IGrantStore grants) => grants.RevokeAsync(id, stores.Now, Rows.Ct));
}
