using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Tools;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Renewals that were begun and not finished: by a process that died or paused, or whose answer was lost.</summary>
public sealed class LeaseTests
{
    [Fact]
    public async Task R_18_F_26_of_two_nodes_on_one_store_one_asks_the_provider_and_both_hand_out_what_it_got()
    {
        await using var upstream = await RenewalTests.ExpiredAsync();
        upstream.Provider.RevokesOnReuse = true;
        var services = upstream.Server.App.Services;
        var node = services.GetRequiredService<IDownstreamTokens>();
        // knows nothing of the first but what is stored
        var other = (IDownstreamTokens)ActivatorUtilities.CreateInstance(services, node.GetType());
        var caller = new Caller(new Secret("unused"))
        {
            Subject = (await FindAsync(upstream)).Subject,
            ClientId = "app",
            Scope = ScopeSet.Of(ScopeSet.Write),
        };
        var (asked, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        upstream.Provider.Before = _ =>
        {
            asked.TrySetResult();
            return released.Task;
        };

        var calls = Enumerable
            .Range(0, 16)
            .Select(number => (number % 2 == 0 ? node : other).GetAsync(caller, null, TestContext.Current.CancellationToken))
            .ToList();
        await asked.Task;
        released.SetResult();
        var tokens = await Task.WhenAll(calls);
        Assert.Equal(1, upstream.Provider.Renewals);
        Assert.Equal(Enumerable.Repeat(Assert.Single(upstream.Provider.AccessTokens), 16), tokens.Select(token => token.Value?.Reveal()));
    }

    [Fact]
    public async Task F_26_of_sixteen_that_read_the_same_token_one_may_renew_it()
    {
        await using var upstream = await RenewalTests.ExpiredAsync();
        var (token, now) = (await FindAsync(upstream), upstream.Server.Clock.GetUtcNow());
        var taken = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(number =>
                    Store(upstream)
                        .TryLeaseAsync(token, $"lse_{number}", now, now + TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
                )
        );
        Assert.Single(taken, isTaken => isTaken);
    }

    [Fact]
    public async Task F_26_what_a_dead_process_held_is_free_after_half_a_minute()
    {
        await using var upstream = await RenewalTests.ExpiredAsync();
        var token = await FindAsync(upstream);
        Assert.True(
            await Store(upstream)
                .TryLeaseAsync(
                    token,
                    "lse_dead",
                    upstream.Server.Clock.GetUtcNow(),
                    upstream.Server.Clock.GetUtcNow() + TimeSpan.FromSeconds(30),
                    TestContext.Current.CancellationToken
                )
        );
        var call = upstream.CallAsync(upstream.Token);
        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.NotEqual(true, (await call).IsError);
        Assert.Equal(1, upstream.Provider.Renewals);
    }

    [Fact]
    public async Task F_26_a_late_writer_overwrites_nothing()
    {
        await using var upstream = await RenewalTests.ExpiredAsync();
        var paused = await FindAsync(upstream);
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        var late = paused.Renew(
            new UpstreamTokenSet(new Secret("late"), null, TimeSpan.FromHours(1), null),
            upstream.Server.Clock.GetUtcNow()
        );
        Assert.False(await Store(upstream).TryRenewAsync(late, TestContext.Current.CancellationToken));
        await Store(upstream)
            .ReleaseAsync(
                paused,
                "lse_dead",
                3,
                upstream.Server.Clock.GetUtcNow() + TimeSpan.FromHours(1),
                TestContext.Current.CancellationToken
            );
        Assert.NotEqual(true, (await upstream.CallAsync(upstream.Token)).IsError);
        Assert.Equal(1, upstream.Provider.Renewals);
    }

    [Fact]
    public async Task F_42_an_answer_that_was_lost_ends_in_a_new_link_and_not_in_a_storm()
    {
        await using var upstream = await RenewalTests.ExpiredAsync();
        upstream.Provider.RevokesOnReuse = true;
        upstream.Provider.Break(
            GitHubStandIn.TokenPath,
            async http =>
            {
                Assert.NotNull(upstream.Provider.Renew(await UpstreamStandIn.FormAsync(http)));
                http.Abort();
            },
            times: 1
        );
        for (var calls = 0; calls < 3; calls++)
        {
            RenewalTests.AssertFailure(RenewalTests.TryAgain, await upstream.CallAsync(upstream.Token));
            upstream.Server.Clock.Advance(RenewalTests.BackOff);
        }

        var told = await upstream.CallAsync(upstream.Token);
        RenewalTests.AssertFailure(
            $"There is no GitHub account linked to yours, or it has to be linked anew: {upstream.Server.Issuer}/connections",
            told
        );
        Assert.Equal(4, upstream.Provider.Renewals);
        Assert.True(await upstream.Server.AcceptsAsync(upstream.Token));
    }

    private static IUpstreamTokenStore Store(UpstreamServer upstream) =>
        upstream.Server.App.Services.GetRequiredService<IUpstreamTokenStore>();

    private static async Task<UpstreamToken> FindAsync(UpstreamServer upstream)
    {
        var subject = await upstream.Server.InDatabaseAsync(db =>
            db.UpstreamTokens.Select(token => token.Subject).SingleAsync(TestContext.Current.CancellationToken)
        );
        return Assert.IsType<UpstreamToken>(await Store(upstream).FindAsync(subject, "github", TestContext.Current.CancellationToken));
    }
}
