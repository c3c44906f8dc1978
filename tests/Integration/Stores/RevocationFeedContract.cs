using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Integration.Stores;

/// <summary>What every server can rely on: whatever ends tokens is told, in an order that misses nothing.</summary>
public abstract class RevocationFeedContract(StoreFixture stores)
{
    public static TheoryData<string> Acts => [.. RevokingActs.All.Keys];

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Tells_of_each_act_that_ends_tokens(string act)
    {
        var before = await NewestAsync();
        var (kind, id) = await RevokingActs.All[act](stores);
        var told = Assert.Single(await ReadAsync(before));
        Assert.Equal(new Revocation(before + 1, kind, id), told);
    }

    [Fact]
    public void Every_act_of_a_store_either_tells_or_has_nothing_to_tell()
    {
        var acts = RevokingActs.OfAllStores().ToList();
        Assert.NotEmpty(acts);
        ExpectNone(acts.Except(RevokingActs.All.Keys).Except(RevokingActs.Quiet));
        ExpectNone(RevokingActs.All.Keys.Concat(RevokingActs.Quiet).Except(acts));

        // As text, so that a red test names every act.
        static void ExpectNone(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join('\n', found));
    }

    [Fact]
    public async Task Tells_nothing_when_nothing_ended()
    {
        var (grant, _) = await stores.AllowAsync();
        var token = Rows.AccessToken(stores.Now, grant);
        await RevokeAsync(grant.Id);
        await stores.InAsync((IAccessTokenStore tokens) => tokens.RevokeAsync(token, Rows.Ct));
        var before = await NewestAsync();
        await RevokeAsync(grant.Id);
        await RevokeAsync("grt_none");
        await stores.InAsync((IAccessTokenStore tokens) => tokens.RevokeAsync(token, Rows.Ct));
        Assert.False(await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync("nobody", Rows.Ct)));
        Assert.Equal(before, await NewestAsync());
    }

    [Fact]
    public async Task An_act_that_fails_ends_nothing_and_tells_nothing()
    {
        var (grant, _) = await stores.AllowAsync();
        var before = await NewestAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            stores.InAsync(
                (RevocationFeed feed) =>
                    feed.RevokeAsync<bool>(RevocationKind.Grant, () => throw new InvalidOperationException("the act fails"), Rows.Ct)
            )
        );
        Assert.Equal(before, await NewestAsync());
        await RevokeAsync(grant.Id);
        Assert.Equal(before + 1, await NewestAsync()); // the number was not used up
    }

    [Fact]
    public async Task Numbers_follow_each_other_without_a_gap_as_they_appear_however_many_revoke_at_once()
    {
        const int Many = 64;
        var grants = new string[Many];
        for (var index = 0; index < Many; index++)
            grants[index] = (await stores.AllowAsync()).Grant.Id;
        var last = await NewestAsync();
        var end = last + Many;
        var revoking = stores.RaceAsync(Many, async (IGrantStore store, int racer) =>
        {
            await store.RevokeAsync(grants[racer], stores.Now, Rows.Ct);
            return true;
        });
        // Whoever follows sees each number once, right behind the one before it.
        while (last < end && !revoking.IsFaulted)
            foreach (var entry in await ReadAsync(last))
                Assert.Equal(++last, entry.Number);
        await revoking;
        Assert.Equal(end, await NewestAsync());
    }

    [Fact]
    public async Task Reads_a_row_once_for_each_server_and_again_when_somebody_else_revokes()
    {
        await using Node one = await Node.StartAsync(stores),
            other = await Node.StartAsync(stores);
        var (account, token) = await TokenAsync();
        for (var call = 0; call < 10; call++)
            Assert.Equal((null, null), (await one.RefuseAsync(token), await other.RefuseAsync(token)));
        Assert.Equal((1, 1), (one.Reads, other.Reads));
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        Assert.Equal(("user disabled", "user disabled"), (await one.RefusesSoonAsync(token), await other.RefusesSoonAsync(token)));
        Assert.Equal((2, 2), (one.Reads, other.Reads));
    }

    [Fact]
    public async Task An_account_that_is_enabled_again_has_new_tokens_at_once_and_no_old_ones()
    {
        await using Node one = await Node.StartAsync(stores),
            other = await Node.StartAsync(stores);
        var (account, old) = await TokenAsync();
        Assert.Null(await one.RefuseAsync(old)); // the other server meets the token later
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryDisableAsync(account.UserName, Rows.Ct));
        await one.RefusesSoonAsync(old);
        Assert.Equal("user disabled", await other.RefuseAsync(old));
        await stores.InAsync((IAccountAdministration accounts) => accounts.TryEnableAsync(account.UserName, Rows.Ct));
        var renewed = Rows.AccessToken(stores.Now, (await stores.AllowAsync(account.Subject)).Grant);
        foreach (var node in new[] { one, other })
        {
            Assert.Null(await node.RefuseAsync(renewed));
            Assert.NotNull(await node.RefuseAsync(old));
        }

        await HearsAllAsync(one);
        await HearsAllAsync(other);
        foreach (var node in new[] { one, other })
        {
            Assert.Equal("grant revoked", await node.RefuseAsync(old));
            Assert.Null(await node.RefuseAsync(renewed));
        }
    }

    [Fact]
    public async Task Hears_of_what_is_revoked_between_reading_a_row_and_keeping_it()
    {
        await using var node = await Node.StartAsync(stores);
        var (_, token) = await TokenAsync();
        await node.RefuseAsync(token, async () =>
        {
            await RevokeAsync(token.GrantId!);
            await HearsAllAsync(node);
        });
        Assert.Equal("grant revoked", await node.RefuseAsync(token));
    }

    [Fact]
    public async Task H4_forgets_entries_in_batches_and_never_the_newest()
    {
        const int Many = CleanUp.Batch + 5;
        await stores.EmptyAsync<RevocationRow>();
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.AddRange(Enumerable.Range(1, Many).Select(number => new RevocationRow(number, RevocationKind.Token, "at", stores.Now)));
                await db.SaveChangesAsync(Rows.Ct);
            }
        );
        await AfterAsync(RevocationFeed.Life - TimeSpan.FromSeconds(1));
        Assert.Equal(Many, await CountAsync());
        await AfterAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await CountAsync());
        await RevokeAsync((await stores.AllowAsync()).Grant.Id);
        Assert.Equal(Many + 1, await NewestAsync());
    }

    [Fact]
    public async Task Believes_nothing_any_more_when_entries_were_forgotten_before_it_saw_them()
    {
        await using var node = await Node.StartAsync(stores);
        var (_, token) = await TokenAsync();
        Assert.Null(await node.RefuseAsync(token));
        await RevokeAsync((await stores.AllowAsync()).Grant.Id);
        await stores.InAsync(
            async (OAuthDbContext db) =>
                await db
                    .Revocations.OrderByDescending(entry => entry.Number)
                    .Take(1)
                    .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Number, entry => entry.Number + 5), Rows.Ct)
        );
        await HearsAllAsync(node);
        Assert.Null(await node.RefuseAsync(token));
        Assert.Equal(2, node.Reads);
    }

    private async Task<(SignedInAccount Account, AccessTokenClaims Token)> TokenAsync()
    {
        var account = await stores.AccountAsync();
        return (account, Rows.AccessToken(stores.Now, (await stores.AllowAsync(account.Subject)).Grant));
    }

    private Task RevokeAsync(string grantId) => stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grantId, stores.Now, Rows.Ct));

    private Task<long> NewestAsync() => stores.InAsync((RevocationSource source) => source.FindNewestAsync(Rows.Ct));

    private Task<IReadOnlyList<Revocation>> ReadAsync(long behind) =>
        stores.InAsync((RevocationSource source) => source.ReadAsync(behind + 1, Rows.Ct));

    private Task<int> CountAsync() => stores.InAsync((OAuthDbContext db) => db.Revocations.CountAsync(Rows.Ct));

    private async Task HearsAllAsync(Node node)
    {
        for (var newest = await NewestAsync(); node.List.Last != newest; )
            await Task.Yield();
    }

    private Task<bool> AfterAsync(TimeSpan time)
    {
        stores.Clock.Advance(time);
        return stores.InAsync((CleanUp cleanUp) => cleanUp.RunAsync(stores.Now, Rows.Ct));
    }
}
