using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OAuthMcp.Application.Tools;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class UpstreamTokensTests : IDisposable
{
    private static readonly UpstreamToken Token = Upstreams.Token();
    private static readonly UpstreamToken Expired = Token with { ExpiresAt = Given.Now };
    private static readonly UpstreamTokenSet Fresh = new(
        new Secret("fresh-canary"),
        new Secret("fresh-refresh-canary"),
        TimeSpan.FromHours(8),
        null
    );

    private readonly FakeTimeProvider time = new(Given.Now);
    private readonly IUpstreamTokenStore store = Substitute.For<IUpstreamTokenStore>();
    private readonly IUpstreamProviders providers = Substitute.For<IUpstreamProviders>();
    private readonly UpstreamRenewals renewals;
    private readonly UpstreamTokens tokens;

    public UpstreamTokensTests()
    {
        var settings = Given.Settings with { Providers = [Upstreams.Provider] };
        renewals = new UpstreamRenewals(store, providers, settings, time, NullLogger<UpstreamRenewals>.Instance);
        tokens = new UpstreamTokens(store, renewals, settings, time);
        store.TryLeaseAsync(default!, default!, default, default, Given.Ct).ReturnsForAnyArgs(true);
        store.TryRenewAsync(default!, Given.Ct).ReturnsForAnyArgs(true);
        providers.RenewAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(new UpstreamRenewal.Renewed(Fresh));
    }

    public void Dispose() => renewals.Dispose();

    [Fact]
    public async Task Hands_out_what_is_stored_while_it_lives()
    {
        Holds(Token);
        Assert.Equal(Token.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(0);
    }

    [Fact]
    public async Task Counts_how_a_renewal_ended()
    {
        // Other tests count too, so only what is counted in the flow of this one is taken.
        var (own, counted) = (new AsyncLocal<bool> { Value = true }, new ConcurrentQueue<string>());
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "oauthmcp.upstream_refreshes")
                    all.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) =>
            {
                if (own.Value)
                    counted.Enqueue($"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}");
            }
        );
        listener.Start();
        Holds(Expired, Expired.Renew(Fresh, Given.Now));
        await GetAsync();
        providers.RenewAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(new UpstreamRenewal.Unavailable("down"));
        Holds(Expired, Expired with { LeasedUntil = Given.Now.AddSeconds(10) });
        await GetAsync();
        Assert.Equal(["github renewed 1", "github unavailable 1"], counted);
    }

    [Fact]
    public async Task Renews_what_has_expired_in_the_order_lease_provider_store()
    {
        Holds(Expired, Expired.Renew(Fresh, Given.Now));
        Assert.Equal(Fresh.AccessToken, (await GetAsync()).Value);
        Received.InOrder(() =>
        {
            store.TryLeaseAsync(Expired, Arg.Any<string>(), Given.Now, Given.Now.AddSeconds(30), CancellationToken.None);
            providers.RenewAsync(Upstreams.Provider, Expired, CancellationToken.None);
            store.TryRenewAsync(
                Arg.Is<UpstreamToken>(renewed =>
                    renewed.Generation == Expired.Generation + 1 && renewed.AccessToken.Equals(Fresh.AccessToken)
                ),
                CancellationToken.None
            );
        });
    }

    [Fact]
    public async Task Renews_what_the_api_refuses_though_it_lives()
    {
        Holds(Token, Token.Renew(Fresh, Given.Now));
        Assert.Equal(Fresh.AccessToken, (await GetAsync(refused: Token.AccessToken)).Value);
        await AssertAskedAsync(1);
    }

    [Fact]
    public async Task Hands_out_the_same_one_again_where_the_provider_renews_it_by_itself()
    {
        var same = Fresh with { AccessToken = Token.AccessToken };
        providers.RenewAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(new UpstreamRenewal.Renewed(same));
        Holds(Token, Token.Renew(same, Given.Now), null); // null: it asked once too often
        Assert.Equal(Token.AccessToken, (await GetAsync(refused: Token.AccessToken)).Value);
        await AssertAskedAsync(1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task Tells_the_provider_of_a_renewed_token_that_nobody_needs_any_more(bool wasUnlinked, int times)
    {
        var linkedAnew = Token with { Generation = Token.Generation + 100 };
        Holds(Expired, wasUnlinked ? null : linkedAnew);
        store.TryRenewAsync(default!, Given.Ct).ReturnsForAnyArgs(false);
        Assert.Equal(wasUnlinked ? null : linkedAnew.AccessToken, (await GetAsync()).Value);
        await providers.ReceivedWithAnyArgs(times).RevokeAsync(default!, default!, Given.Ct);
        if (wasUnlinked)
            await providers
                .Received()
                .RevokeAsync(
                    Upstreams.Provider,
                    Arg.Is<UpstreamToken>(token => token.RefreshToken!.Equals(Fresh.RefreshToken)),
                    CancellationToken.None
                );
    }

    [Fact]
    public async Task F_26_waits_for_another_process_that_asks_the_provider()
    {
        var leased = Expired with { Lease = "lse_other", LeasedUntil = Given.Now.AddSeconds(30) };
        Holds(leased, leased, Expired.Renew(Fresh, Given.Now));
        Assert.Equal(Fresh.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(0);
        await store.DidNotReceiveWithAnyArgs().TryLeaseAsync(default!, default!, default, default, Given.Ct); // waiting writes nothing
    }

    [Fact]
    public async Task F_26_asks_nobody_when_another_process_was_faster()
    {
        Holds(Expired, Expired.Renew(Fresh, Given.Now));
        store.TryLeaseAsync(default!, default!, default, default, Given.Ct).ReturnsForAnyArgs(false);
        Assert.Equal(Fresh.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(0);
    }

    [Fact]
    public async Task Uses_a_living_token_while_another_one_is_asked_for()
    {
        Holds(Token with { ExpiresAt = Given.Now.AddSeconds(30), Lease = "lse_other", LeasedUntil = Given.Now.AddSeconds(30) });
        Assert.Equal(Token.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(0);
    }

    [Fact]
    public async Task Takes_a_provider_that_hands_out_tokens_of_half_a_minute_as_it_is()
    {
        var brief = Fresh with { ExpiresIn = TimeSpan.FromSeconds(30) };
        providers.RenewAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(new UpstreamRenewal.Renewed(brief));
        Holds(Expired, Expired.Renew(brief, Given.Now));
        Assert.Equal(brief.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task R_20_counts_refusals_and_no_other_trouble(bool isRefused, int refusals)
    {
        providers
            .RenewAsync(default!, default!, Given.Ct)
            .ReturnsForAnyArgs(isRefused ? new UpstreamRenewal.Refused("refused") : new UpstreamRenewal.Unavailable("down"));
        Holds(Expired, Expired with { Refusals = refusals, LeasedUntil = Given.Now.AddSeconds(10) });
        Assert.Equal("GitHub cannot renew your token right now. Try again in a few seconds.", (await GetAsync()).Failure);
        await store.Received(1).ReleaseAsync(Expired, Arg.Any<string>(), refusals, Given.Now.AddSeconds(10), CancellationToken.None);
    }

    [Fact]
    public async Task R_19_keeps_what_the_store_does_not_take_and_stores_it_first_the_next_time()
    {
        Holds(Expired);
        store.TryRenewAsync(default!, Given.Ct).ThrowsAsyncForAnyArgs(new InvalidOperationException("disk full"));
        for (var calls = 0; calls < 2; calls++)
            Assert.Equal("The renewed GitHub token could not be stored. It is kept; try again in a moment.", (await GetAsync()).Failure);

        var renewed = Expired.Renew(Fresh, Given.Now);
        store.TryRenewAsync(default!, Given.Ct).ReturnsForAnyArgs(true);
        Holds(renewed);
        Assert.Equal(Fresh.AccessToken, (await GetAsync()).Value);
        await AssertAskedAsync(1);
        await store.ReceivedWithAnyArgs(3).TryRenewAsync(default!, Given.Ct);
    }

    [Fact]
    public async Task M2_the_end_waits_for_a_renewal_whose_caller_has_left()
    {
        var provider = new TaskCompletionSource<UpstreamRenewal>();
        providers.RenewAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(provider.Task);
        Holds(Expired);
        using (var left = new CancellationTokenSource())
        {
            var call = tokens.GetAsync(Given.Caller("the callers own"), null, left.Token);
            await left.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        var end = renewals.EndAsync(Given.Ct);
        Assert.False(end.IsCompleted);
        provider.SetResult(new UpstreamRenewal.Renewed(Fresh));
        await end;
        await store.ReceivedWithAnyArgs(1).TryRenewAsync(default!, Given.Ct);
    }

    [Fact]
    public async Task M2_the_end_stores_what_was_kept_and_nobody_tries_on()
    {
        Holds(Expired);
        store.TryRenewAsync(default!, Given.Ct).ThrowsAsyncForAnyArgs(new InvalidOperationException("locked"));
        await GetAsync();
        store.ClearReceivedCalls();
        store.TryRenewAsync(default!, Given.Ct).ReturnsForAnyArgs(true);
        await renewals.EndAsync(Given.Ct);
        await store.ReceivedWithAnyArgs(1).TryRenewAsync(default!, Given.Ct);
        time.Advance(TimeSpan.FromMinutes(1));
        await store.ReceivedWithAnyArgs(1).TryRenewAsync(default!, Given.Ct);
    }

    [Fact]
    public async Task M2_the_end_comes_though_the_store_takes_nothing()
    {
        Holds(Expired);
        store.TryRenewAsync(default!, Given.Ct).ThrowsAsyncForAnyArgs(new InvalidOperationException("disk full"));
        await GetAsync();
        using var limit = new CancellationTokenSource();
        await limit.CancelAsync();
        await renewals.EndAsync(limit.Token);
        Assert.True(renewals.Keeps(Given.Subject, "github"));
    }

    [Fact]
    public async Task X_03_names_the_page_where_that_can_be_mended()
    {
        foreach (var unusable in new[] { null, Token with { Refusals = 3 }, Expired with { RefreshToken = null } })
        {
            Holds(unusable);
            var answer = await GetAsync();
            Assert.Equal(
                (
                    null,
                    "There is no GitHub account linked to yours, or it has to be linked anew: https://mcp.example/connections",
                    "https://mcp.example/connections"
                ),
                (answer.Value, answer.Failure, answer.LinkUrl)
            );
        }
    }

    [Fact]
    public async Task A_machine_has_no_account_to_link()
    {
        var answer = await GetAsync(
            new Caller(new Secret("x"))
            {
                Subject = "ci",
                ClientId = "ci",
                Scope = ScopeSet.Of(ScopeSet.Write),
            }
        );
        Assert.Equal(
            (null, "This tool works with a person's GitHub account, and you are a machine.", null),
            (answer.Value, answer.Failure, answer.LinkUrl)
        );
        await store.DidNotReceiveWithAnyArgs().FindAsync(default!, default!, Given.Ct);
    }

    private void Holds(UpstreamToken? first, params UpstreamToken?[] then) =>
        store.FindAsync(Given.Subject, "github", Arg.Any<CancellationToken>()).Returns(first, then);

    private Task<DownstreamToken> GetAsync(Caller? caller = null, Secret? refused = null) =>
        tokens.GetAsync(caller ?? Given.Caller("the callers own"), refused, Given.Ct);

    private async Task AssertAskedAsync(int times) => await providers.ReceivedWithAnyArgs(times).RenewAsync(default!, default!, Given.Ct);
}
