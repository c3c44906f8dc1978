using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

public abstract class AuthorizationCodeStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_a_code_by_its_hash_with_all_it_is_bound_to()
    {
        var (_, code) = await stores.AllowAsync();
        Assert.Equivalent(code, await stores.InAsync((IAuthorizationCodeStore codes) => codes.FindAsync(code.Hash, Rows.Ct)), strict: true);
        Assert.Null(await stores.InAsync((IAuthorizationCodeStore codes) => codes.FindAsync(Rows.Hash(), Rows.Ct)));
    }

    [Fact]
    public async Task Lets_one_of_32_parallel_redeemers_win()
    {
        var (grant, code) = await stores.AllowAsync();
        var results = await stores.RaceAsync(32, (IAuthorizationCodeStore codes, int _) =>
            codes.TryRedeemAsync(code.Hash, stores.Now, Rows.RefreshToken(stores.Now, grant), Rows.Ct)
        );
        Assert.Single(results, won => won);
        Assert.Equal(1, await CountAsync(grant.Id));
    }

    [Fact]
    public async Task Keeps_a_spent_code_marked_so_that_a_replay_finds_its_grant()
    {
        var (grant, code) = await stores.AllowAsync();
        Assert.True(await RedeemAsync());
        var redeemedAt = stores.Now;
        stores.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await RedeemAsync());
        var spent = await stores.InAsync((IAuthorizationCodeStore codes) => codes.FindAsync(code.Hash, Rows.Ct));
        Assert.Equal((grant.Id, redeemedAt), (spent?.GrantId, spent?.RedeemedAt));

        Task<bool> RedeemAsync() =>
            stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, null, Rows.Ct));
    }

    [Fact]
    public async Task Adds_no_refresh_token_where_none_is_wanted_or_nothing_is_redeemed()
    {
        var (grant, code) = await stores.AllowAsync();
        Assert.True(await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, null, Rows.Ct)));
        Assert.False(
            await stores.InAsync(
                (IAuthorizationCodeStore codes) =>
                    codes.TryRedeemAsync(Rows.Hash(), stores.Now, Rows.RefreshToken(stores.Now, grant), Rows.Ct)
            )
        );
        Assert.Equal(0, await CountAsync(grant.Id));
    }

    private Task<int> CountAsync(string grantId) =>
        stores.InAsync((OAuthDbContext db) => db.RefreshTokens.CountAsync(token => token.GrantId == grantId, Rows.Ct));
}
