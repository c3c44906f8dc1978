using Microsoft.Extensions.DependencyInjection;
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

    [Fact]
    public async Task Brings_the_grant_of_a_code_and_of_a_refresh_token_along_for_one_look()
    {
        var (grant, code) = await stores.AllowAsync((await stores.AccountAsync()).Subject);
        var token = Rows.RefreshToken(stores.Now, grant);
        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, token, Rows.Ct));
        await using var ofCode = stores.Request();
        await using var ofToken = stores.Request();
        Assert.NotNull(await ofCode.ServiceProvider.GetRequiredService<IAuthorizationCodeStore>().FindAsync(code.Hash, Rows.Ct));
        Assert.NotNull(await ofToken.ServiceProvider.GetRequiredService<IRefreshTokenStore>().FindAsync(token.Hash, Rows.Ct));
        await RevokeAsync(grant.Id);
        foreach (var request in new[] { ofCode, ofToken })
        {
            var grants = request.ServiceProvider.GetRequiredService<IGrantStore>();
            Assert.Equivalent(grant, await grants.FindAsync(grant.Id, Rows.Ct), strict: true);
            Assert.NotNull((await grants.FindAsync(grant.Id, Rows.Ct))?.RevokedAt);
        }
    }

    [Fact]
    public async Task Brings_no_grant_along_that_is_anothers_or_of_a_user_who_is_disabled()
    {
        var account = await stores.AccountAsync();
        var (grant, code) = await stores.AllowAsync(account.Subject);
        var (other, _) = await stores.AllowAsync((await stores.AccountAsync()).Subject);
        Assert.Equal(other.Id, (await FindAfterAsync(other.Id))?.Id);
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Null(await FindAfterAsync(grant.Id));

        async Task<Grant?> FindAfterAsync(string grantId)
        {
            await using var request = stores.Request();
            Assert.NotNull(await request.ServiceProvider.GetRequiredService<IAuthorizationCodeStore>().FindAsync(code.Hash, Rows.Ct));
            return await request.ServiceProvider.GetRequiredService<IGrantStore>().FindAsync(grantId, Rows.Ct);
        }
    }

    private Task<Grant?> FindAsync(string id) => stores.InAsync((IGrantStore grants) => grants.FindAsync(id, Rows.Ct));

    private Task RevokeAsync(string id) => stores.InAsync((IGrantStore grants) => grants.RevokeAsync(id, stores.Now, Rows.Ct));
}
