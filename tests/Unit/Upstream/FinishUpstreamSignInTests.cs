using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

/// <summary>
/// The order of the checks: nothing is asked of the provider before the answer is known to be this browser's, and nothing is stored
/// before the rules are.
/// </summary>
public sealed class FinishUpstreamSignInTests
{
    private static readonly UpstreamIdentity Octocat = new(
        new UpstreamUser("583231", "octocat", [], []),
        new UpstreamTokenSet(new Secret("token-canary"), null, null, null)
    );
    private static readonly SignedInAccount Alice = new(Given.Subject, "octocat@github");

    private readonly IUpstreamSignIns signIns = Substitute.For<IUpstreamSignIns>();
    private readonly IUpstreamProviders providers = Substitute.For<IUpstreamProviders>();
    private readonly IUpstreamAccounts accounts = Substitute.For<IUpstreamAccounts>();

    public FinishUpstreamSignInTests()
    {
        signIns.TryUseAsync(default, default, Given.Ct).ReturnsForAnyArgs(true);
        providers.RedeemAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(Octocat);
        accounts
            .SignInAsync(default!, default!, default, default, Given.Ct)
            .ReturnsForAnyArgs(new UpstreamAccount(Alice, NeedsCode: false));
    }

    [Fact]
    public async Task Signs_in_and_goes_on_with_the_request()
    {
        var arrival = Given.Served(await FinishAsync(Upstreams.SignIn()));
        Assert.Equal(new UpstreamArrival(Alice, NeedsCode: false, "request-1", Then: null, IsLink: false), arrival);
        await providers
            .Received(1)
            .RedeemAsync(
                Upstreams.Provider,
                new UpstreamCode(
                    Upstreams.CodeThere,
                    Given.Verifier,
                    TokenHash.Of(new Secret("nonce-canary")),
                    "https://issuer.example",
                    $"{Given.Issuer}/signin/callback"
                ),
                Given.Ct
            );
        await accounts.Received(1).SignInAsync(Upstreams.Provider, Octocat, null, Given.Now, Given.Ct);
    }

    [Fact]
    public async Task Links_to_the_account_that_began_it()
    {
        Assert.True(Given.Served(await FinishAsync(Upstreams.SignIn(requestId: null, linkTo: Given.Subject))).IsLink);
        await accounts.Received(1).SignInAsync(Upstreams.Provider, Octocat, Given.Subject, Given.Now, Given.Ct);
    }

    [Theory]
    [InlineData("usr_bob")]
    [InlineData(null)]
    public async Task C_06_links_to_nobody_else(string? subject) =>
        await AssertAsksNobodyAsync(
            "access_denied",
            FinishAsync(Upstreams.SignIn(linkTo: Given.Subject), command => command with { Subject = subject })
        );

    [Fact]
    public async Task C_05_asks_nobody_for_a_state_that_is_unknown_missing_or_used()
    {
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(null));
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn(), command => command with { State = null }));
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn(usedAt: Given.Now)));
        signIns.TryUseAsync(default, default, Given.Ct).ReturnsForAnyArgs(false); // somebody was faster
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn()));
    }

    [Fact]
    public async Task C_06_leaves_the_state_to_the_right_browser()
    {
        await AssertAsksNobodyAsync(
            "access_denied",
            FinishAsync(Upstreams.SignIn(), command => command with { Browser = TokenHash.Of(new Secret("other")) })
        );
        await signIns.DidNotReceiveWithAnyArgs().TryUseAsync(default, default, Given.Ct);
    }

    [Fact]
    public async Task A_provider_that_is_configured_no_more_is_nobodys_way_in() =>
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn() with { Provider = "gone" }));

    [Theory]
    [InlineData("/signin/callback/gitlab")]
    [InlineData("/signin/callback/")]
    public async Task An_answer_at_another_providers_callback_is_another_providers(string path) =>
        await AssertAsksNobodyAsync("upstream_error", FinishAsync(Upstreams.SignIn(), command => command with { Path = path }));

    [Fact]
    public async Task A_user_who_denies_is_no_error()
    {
        Assert.Equal(
            new UpstreamArrival(null, NeedsCode: false, "request-1", Then: null, IsLink: false),
            Given.Served(await FinishAsync(Upstreams.SignIn(), command => command with { Code = null, Error = "access_denied" }))
        );
        await providers.DidNotReceiveWithAnyArgs().RedeemAsync(default!, default!, Given.Ct);
    }

    [Theory]
    [InlineData("server_error")]
    [InlineData(null)]
    public async Task Any_other_answer_without_a_code_is_trouble_there(string? error) =>
        await AssertAsksNobodyAsync(
            "upstream_error",
            FinishAsync(Upstreams.SignIn(), command => command with { Code = null, Error = error })
        );

    [Fact]
    public async Task Stores_nothing_of_who_may_not_enter()
    {
        var closed = Upstreams.Provider with { Rules = Upstreams.Provider.Rules with { Users = ["hubot"] } };
        Assert.Equal("access_denied", Given.Refusal(await FinishAsync(Upstreams.SignIn(), provider: closed)).Code);
        await accounts.DidNotReceiveWithAnyArgs().SignInAsync(default!, default!, default, default, Given.Ct);
    }

    private async Task AssertAsksNobodyAsync(string code, Task<Result<UpstreamArrival>> finished)
    {
        Assert.Equal(code, Given.Refusal(await finished).Code);
        await providers.DidNotReceiveWithAnyArgs().RedeemAsync(default!, default!, Given.Ct);
        await accounts.DidNotReceiveWithAnyArgs().SignInAsync(default!, default!, default, default, Given.Ct);
    }

    private Task<Result<UpstreamArrival>> FinishAsync(
        UpstreamSignIn? known,
        Func<FinishUpstreamSignInCommand, FinishUpstreamSignInCommand>? change = null,
        UpstreamProvider? provider = null
    )
    {
        signIns.FindAsync(TokenHash.Of(Upstreams.State), Given.Ct).Returns(known);
        var command = new FinishUpstreamSignInCommand(
            Upstreams.State,
            Upstreams.CodeThere,
            null,
            "https://issuer.example",
            "/signin/callback",
            Given.Browser,
            Given.Subject
        );
        return new FinishUpstreamSignInHandler(
            signIns,
            providers,
            accounts,
            Given.Settings with
            {
                Providers = [provider ?? Upstreams.Provider],
            },
            new FakeTimeProvider(Given.Now)
        ).Handle(change?.Invoke(command) ?? command, Given.Ct);
    }
}
