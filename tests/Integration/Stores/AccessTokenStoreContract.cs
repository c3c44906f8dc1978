using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Integration.Stores;

public abstract class AccessTokenStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Says_whose_a_live_token_is()
    {
        var (account, token) = await TokenAsync();
        Assert.Equal(new AccessTokenStatus(null, account.UserName), await StatusAsync(token));
        Assert.Equal(new AccessTokenStatus(null, null), await StatusAsync(Rows.AccessToken(stores.Now, grant: null)));
    }

    [Fact]
    public async Task Refuses_one_revoked_token_and_no_other_of_its_grant()
    {
        var (_, token) = await TokenAsync();
        await stores.InAsync((IAccessTokenStore store) => store.RevokeAsync(token, Rows.Ct));
        Assert.Equal("token revoked", (await StatusAsync(token)).Refusal);
        Assert.Null((await StatusAsync(token with { JwtId = "at_other" })).Refusal);
    }

    [Fact]
    public async Task Takes_32_revocations_of_one_token_at_once()
    {
        foreach (var token in new[] { (await TokenAsync()).Token, Rows.AccessToken(stores.Now, grant: null) })
        {
            await stores.RaceAsync(32, async (IAccessTokenStore store, int _) =>
            {
                await store.RevokeAsync(token, Rows.Ct);
                return true;
            });
            Assert.Equal("token revoked", (await StatusAsync(token)).Refusal);
        }
    }

    [Fact]
    public async Task Refuses_every_token_of_a_revoked_grant()
    {
        var (_, token) = await TokenAsync();
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(token.GrantId!, stores.Now, Rows.Ct));
        Assert.Equal("grant revoked", (await StatusAsync(token)).Refusal);
    }

    [Fact]
    public async Task Refuses_the_tokens_of_a_disabled_user_and_of_a_disabled_client()
    {
        var (account, token) = await TokenAsync();
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Equal("user disabled", (await StatusAsync(token)).Refusal);

        var (_, other) = await TokenAsync();
        var client = Rows.Client(stores.Now, id: other.ClientId);
        Assert.True(await stores.InAsync((IClientStore clients) => clients.TryAddAsync(client, 0, Rows.Ct)));
        Assert.Null((await StatusAsync(other)).Refusal);
        await stores.InAsync((IClientAdministration clients) => clients.TryDisableAsync(client.Id, stores.Now, Rows.Ct));
        Assert.Equal("client disabled", (await StatusAsync(other)).Refusal);
    }

    [Fact]
    public async Task Refuses_a_token_whose_grant_or_user_is_not_there()
    {
        var (_, token) = await TokenAsync();
        Assert.NotNull((await StatusAsync(token with { GrantId = "grt_none" })).Refusal);
        var (orphan, _) = await stores.AllowAsync("usr_gone");
        Assert.NotNull((await StatusAsync(Rows.AccessToken(stores.Now, orphan))).Refusal);
    }

    private async Task<(SignedInAccount Account, AccessTokenClaims Token)> TokenAsync()
    {
        var account = await stores.AccountAsync();
        var (grant, _) = await stores.AllowAsync(account.Subject);
        return (account, Rows.AccessToken(stores.Now, grant));
    }

    private Task<AccessTokenStatus> StatusAsync(AccessTokenClaims token) =>
        stores.InAsync((IAccessTokenStore store) => store.FindStatusAsync(token, Rows.Ct));
}
