using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Integration.Stores;

public abstract class UpstreamTokenStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_the_token_of_a_linked_account_and_whose_it_is_there()
    {
        var identity = Rows.Identity();
        var account = await stores.AccountAsync(identity);
        var token = await FindAsync(account.Subject);
        Assert.Equal(
            (identity.User.Subject, identity.Tokens.AccessToken, identity.Tokens.RefreshToken, stores.Now.AddHours(1)),
            (token?.Identity, token?.AccessToken, token?.RefreshToken, token?.ExpiresAt)
        );
        Assert.Null(await FindAsync("usr_none"));
    }

    [Fact]
    public async Task Lets_one_of_32_parallel_renewers_have_the_lease()
    {
        var token = await TokenAsync();
        var results = await stores.RaceAsync(32, (IUpstreamTokenStore tokens, int racer) =>
            tokens.TryLeaseAsync(token, $"lease {racer}", stores.Now, stores.Now.AddSeconds(30), Rows.Ct)
        );
        Assert.Single(results, won => won);
        Assert.Equal($"lease {results.ToList().IndexOf(true)}", (await FindAsync(token.Subject))?.Lease);
    }

    [Fact]
    public async Task Gives_a_lease_again_when_its_time_is_over()
    {
        var token = await TokenAsync();
        Assert.True(await LeaseAsync(token, "first"));
        Assert.False(await LeaseAsync(token, "second"));
        stores.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await LeaseAsync(token, "third"));
    }

    [Fact]
    public async Task Stores_the_next_generation_once_and_over_no_other()
    {
        var token = await TokenAsync();
        var renewed = token.Renew(new UpstreamTokenSet(Secret.Generate(), null, TimeSpan.FromHours(2), null), stores.Now);
        var results = await stores.RaceAsync(32, (IUpstreamTokenStore tokens, int _) => tokens.TryRenewAsync(renewed, Rows.Ct));
        Assert.Single(results, won => won);
        Assert.Equivalent(renewed, await FindAsync(token.Subject), strict: true);
        Assert.False(await LeaseAsync(token, "of the one before"));
        Assert.False(await stores.InAsync((IUpstreamTokenStore tokens) => tokens.TryRenewAsync(renewed with { Generation = 7 }, Rows.Ct)));
    }

    [Fact]
    public async Task Takes_a_lease_back_from_its_holder_alone()
    {
        var token = await TokenAsync();
        await LeaseAsync(token, "mine");
        await ReleaseAsync(token, "not mine");
        Assert.Equal("mine", (await FindAsync(token.Subject))?.Lease);
        await ReleaseAsync(token, "mine");
        var found = await FindAsync(token.Subject);
        Assert.Equal((null, 2, stores.Now.AddSeconds(5)), (found?.Lease, found?.Refusals, found?.LeasedUntil));
    }

    private async Task<UpstreamToken> TokenAsync() =>
        Assert.IsType<UpstreamToken>(await FindAsync((await stores.AccountAsync(Rows.Identity())).Subject));

    private Task<UpstreamToken?> FindAsync(string subject) =>
        stores.InAsync((IUpstreamTokenStore tokens) => tokens.FindAsync(subject, Rows.Provider.Name, Rows.Ct));

    private Task<bool> LeaseAsync(UpstreamToken token, string lease) =>
        stores.InAsync((IUpstreamTokenStore tokens) => tokens.TryLeaseAsync(token, lease, stores.Now, stores.Now.AddSeconds(30), Rows.Ct));

    private Task ReleaseAsync(UpstreamToken token, string lease) =>
        stores.InAsync((IUpstreamTokenStore tokens) => tokens.ReleaseAsync(token, lease, 2, stores.Now.AddSeconds(5), Rows.Ct));
}
