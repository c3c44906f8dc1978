using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

public abstract class UpstreamSignInsContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_a_sign_in_by_its_state_as_it_was()
    {
        var signIn = Rows.SignIn(stores.Now);
        Assert.True(await AddAsync(signIn));
        Assert.Equal(signIn, await FindAsync(signIn.State));
        Assert.Null(await FindAsync(Rows.Hash()));
    }

    [Fact]
    public async Task Lets_no_more_than_the_limit_in_when_32_come_at_once()
    {
        await stores.InAsync((OAuthDbContext db) => db.UpstreamSignIns.ExecuteDeleteAsync(Rows.Ct));
        var results = await stores.RaceAsync(32, (IUpstreamSignIns signIns, int _) =>
            signIns.TryAddAsync(Rows.SignIn(stores.Now), 5, Rows.Ct)
        );
        Assert.Equal(5, results.Count(added => added));
        Assert.Equal(5, await stores.InAsync((OAuthDbContext db) => db.UpstreamSignIns.CountAsync(Rows.Ct)));
    }

    [Fact]
    public async Task Lets_one_of_32_parallel_uses_win()
    {
        var signIn = Rows.SignIn(stores.Now);
        await AddAsync(signIn);
        var results = await stores.RaceAsync(32, (IUpstreamSignIns signIns, int _) =>
            signIns.TryUseAsync(signIn.State, stores.Now, Rows.Ct)
        );
        Assert.Single(results, won => won);
        Assert.Equal(stores.Now, (await FindAsync(signIn.State))?.UsedAt);
        Assert.False(await stores.InAsync((IUpstreamSignIns signIns) => signIns.TryUseAsync(Rows.Hash(), stores.Now, Rows.Ct)));
    }

    private Task<bool> AddAsync(UpstreamSignIn signIn) =>
        stores.InAsync((IUpstreamSignIns signIns) => signIns.TryAddAsync(signIn, 0, Rows.Ct));

    private Task<UpstreamSignIn?> FindAsync(TokenHash state) =>
        stores.InAsync((IUpstreamSignIns signIns) => signIns.FindAsync(state, Rows.Ct));
}
