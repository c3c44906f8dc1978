using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

public abstract class RefreshTokenStoreContract(StoreFixture stores)
{
    [Fact]
    public async Task Finds_a_token_by_its_hash()
    {
        var (_, token) = await stores.FamilyAsync();
        Assert.Equivalent(token, await FindAsync(token), strict: true);
        Assert.Null(await FindAsync(Rows.RefreshToken(stores.Now, Rows.Grant(stores.Now, "usr", "cli"))));
    }

    [Fact]
    public async Task Lets_one_of_32_parallel_rotations_win()
    {
        var (grant, token) = await stores.FamilyAsync();
        var results = await stores.RaceAsync(32, (IRefreshTokenStore tokens, int racer) =>
            tokens.TryRotateAsync(token.Hash, stores.Now, $"salt {racer}", Rows.RefreshToken(stores.Now, grant), Rows.Ct)
        );
        Assert.Single(results, won => won);
        var winner = results.ToList().IndexOf(true);
        Assert.Equal($"salt {winner}", (await FindAsync(token))?.SuccessorSalt);
        Assert.Equal(1, await stores.InAsync((OAuthDbContext db) => CountLiveAsync(db, grant)));
    }

    [Fact]
    public async Task Keeps_the_rotated_token_with_time_and_salt()
    {
        var (grant, token) = await stores.FamilyAsync();
        var successor = Rows.RefreshToken(stores.Now, grant);
        Assert.True(await RotateAsync(token, successor));
        Assert.Equal((stores.Now, "salt"), ((await FindAsync(token))?.RotatedAt, (await FindAsync(token))?.SuccessorSalt));
        Assert.Null((await FindAsync(successor))?.RotatedAt);
        Assert.True(await RotateAsync(successor, Rows.RefreshToken(stores.Now, grant)));
    }

    [Fact]
    public async Task Rotates_nothing_of_a_revoked_grant_and_nothing_that_is_not_there()
    {
        var (grant, token) = await stores.FamilyAsync();
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
        var successor = Rows.RefreshToken(stores.Now, grant);
        Assert.False(await RotateAsync(token, successor));
        Assert.False(await RotateAsync(Rows.RefreshToken(stores.Now, grant), successor));
        Assert.Null((await FindAsync(token))?.RotatedAt);
        Assert.Null(await FindAsync(successor));
    }

    [Fact]
    public async Task Leaves_nothing_to_use_when_a_revocation_meets_rotations()
    {
        var (grant, token) = await stores.FamilyAsync();
        var revoke = stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
        await stores.RaceAsync(8, (IRefreshTokenStore tokens, int _) =>
            tokens.TryRotateAsync(token.Hash, stores.Now, "salt", Rows.RefreshToken(stores.Now, grant), Rows.Ct)
        );
        await revoke;
        var left = await stores.InAsync(
            (OAuthDbContext db) =>
                db.RefreshTokens.Where(known => known.GrantId == grant.Id && known.RotatedAt == null).ToListAsync(Rows.Ct)
        );
        foreach (var live in left)
            Assert.False(await RotateAsync(live, Rows.RefreshToken(stores.Now, grant)));
    }

    [Fact]
    public async Task M11_keeps_the_last_few_of_a_family_and_knows_the_family_of_all()
    {
        var (grant, code) = await stores.AllowAsync();
        var family = Rows.Hash();
        RefreshToken Next(int generation) => Rows.RefreshToken(stores.Now, grant, family, generation);
        List<RefreshToken> chain = [Next(0)];
        await stores.InAsync((IAuthorizationCodeStore codes) => codes.TryRedeemAsync(code.Hash, stores.Now, chain[0], Rows.Ct));
        for (var generation = 1; generation < 10; generation++)
        {
            chain.Add(Next(generation));
            Assert.True(await RotateAsync(chain[^2], chain[^1]));
        }

        List<bool> isKept = [];
        foreach (var token in chain)
            isKept.Add(await FindAsync(token) is not null);
        Assert.Equal([false, false, false, false, true, true, true, true, true, true], isKept);
        Assert.Equal(chain[^1].Hash, (await FindNewestAsync(family))?.Hash);
        Assert.Null(await FindNewestAsync(Rows.Hash()));
    }

    [Fact]
    public async Task Keeps_every_token_of_a_family_that_says_no_family()
    {
        var (grant, first) = await stores.FamilyAsync();
        var token = first;
        for (var generation = 1; generation < 10; generation++)
        {
            var successor = Rows.RefreshToken(stores.Now, grant, family: null, generation);
            Assert.True(await RotateAsync(token, successor));
            token = successor;
        }

        Assert.NotNull(await FindAsync(first));
    }

    private Task<RefreshToken?> FindNewestAsync(TokenHash family) =>
        stores.InAsync((IRefreshTokenStore tokens) => tokens.FindNewestAsync(family, Rows.Ct));

    private Task<RefreshToken?> FindAsync(RefreshToken token) =>
        stores.InAsync((IRefreshTokenStore tokens) => tokens.FindAsync(token.Hash, Rows.Ct));

    private Task<bool> RotateAsync(RefreshToken token, RefreshToken successor) =>
        stores.InAsync((IRefreshTokenStore tokens) => tokens.TryRotateAsync(token.Hash, stores.Now, "salt", successor, Rows.Ct));

    private static Task<int> CountLiveAsync(OAuthDbContext db, Grant grant) =>
        db.RefreshTokens.CountAsync(token => token.GrantId == grant.Id && token.RotatedAt == null, Rows.Ct);
}
