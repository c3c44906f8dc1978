using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Application.Upstream;
using OAuthMcp.Domain.Authorize;
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
    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();

    public FinishUpstreamSignInTests()
    {
        requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request());
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(true);
        signIns.TryUseAsync(null!, default, Given.Ct).ReturnsForAnyArgs(true);
        providers.RedeemAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(Octocat);
        accounts
            .SignInAsync(default!, default!, default, default, Given.Ct)
            .ReturnsForAnyArgs(new UpstreamAccount(Alice, NeedsCode: false));
    }

    [Fact]
    public async Task Signs_in_and_goes_on_with_the_request()
    {
        Assert.Equal(new UpstreamArrival.SignedIn(Alice, null, "request-1", null), await FinishAsync(Upstreams.SignIn()));
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
        var way = Upstreams.SignIn(requestId: null, linkTo: Given.Subject) with { Then = "connections" };
        Assert.Equal(new UpstreamArrival.Went(new AuthorizeStep.Page("connections")), await FinishAsync(way));
        await accounts.Received(1).SignInAsync(Upstreams.Provider, Octocat, Given.Subject, Given.Now, Given.Ct);
    }

    [Theory]
    [InlineData("usr_bob")]
    [InlineData(null)]
    public async Task C_06_links_to_nobody_else(string? subject) =>
        await AssertAsksNobodyAsync(
            "access_denied",
            FinishAsync(Upstreams.SignIn(linkTo: Given.Subject), command => command with { Visitor = Given.Visitor(subject: subject) })
        );

    [Fact]
    public async Task C_05_asks_nobody_for_a_state_that_is_unknown_missing_or_used()
    {
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(null));
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn(), command => command with { State = null }));
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn(usedAt: Given.Now)));
        signIns.TryUseAsync(null!, default, Given.Ct).ReturnsForAnyArgs(false); // somebody was faster
        await AssertAsksNobodyAsync("invalid_request", FinishAsync(Upstreams.SignIn()));
    }

    [Fact]
    public async Task C_06_leaves_the_state_to_the_right_browser()
    {
        await AssertAsksNobodyAsync(
            "access_denied",
            FinishAsync(Upstreams.SignIn(), command => command with { Browser = TokenHash.Of(new Secret("other")) })
        );
        await signIns.DidNotReceiveWithAnyArgs().TryUseAsync(null!, default, Given.Ct);
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
        AssertClientHears("access_denied", await FinishAsync(Upstreams.SignIn(), Denied));
        Assert.Equal(
            new UpstreamArrival.Went(new AuthorizeStep.SignInToPage("account")),
            await FinishAsync(Upstreams.SignIn(requestId: null) with { Then = "account" }, Denied)
        );
        Assert.Equal(
            new UpstreamArrival.Went(new AuthorizeStep.Page("connections")),
            await FinishAsync(Upstreams.SignIn(requestId: null, linkTo: Given.Subject) with { Then = "connections" }, Denied)
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

    [Fact]
    public async Task Asks_for_the_second_factor_that_the_account_has_here()
    {
        accounts.SignInAsync(default!, default!, default, default, Given.Ct).ReturnsForAnyArgs(new UpstreamAccount(Alice, NeedsCode: true));
        Assert.Equal(new UpstreamArrival.NeedsCode(Alice, "request-1", null), await FinishAsync(Upstreams.SignIn()));
    }

    [Fact]
    public async Task Applies_the_entry_rules_to_who_links_too()
    {
        var closed = Upstreams.Provider with { Rules = Upstreams.Provider.Rules with { Users = ["hubot"] } };
        var way = Upstreams.SignIn(requestId: null, linkTo: Given.Subject);
        Assert.Equal("access_denied", Given.Refusal(await FinishAsync(way, provider: closed)).Code);
        await accounts.DidNotReceiveWithAnyArgs().SignInAsync(default!, default!, default, default, Given.Ct);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-30, true)] // by a clock that is a little behind
    [InlineData(-3600, false)]
    [InlineData(null, false)]
    public async Task M8_a_sign_in_is_fresh_when_the_provider_says_so(int? seconds, bool isFresh)
    {
        var at = seconds is null ? default(DateTimeOffset?) : Given.Now.AddSeconds(seconds.Value);
        providers.RedeemAsync(default!, default!, Given.Ct).ReturnsForAnyArgs(Octocat with { SignedInAt = at });
        Assert.Equal(
            new UpstreamArrival.SignedIn(Alice, isFresh ? Given.Now : at, "request-1", null),
            await FinishAsync(Upstreams.SignIn())
        );

        requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request(requiresFreshSignIn: true));
        var arrival = await FinishAsync(Upstreams.SignIn());
        if (isFresh)
            Assert.IsType<UpstreamArrival.SignedIn>(arrival);
        else
            AssertClientHears("login_required", arrival);
    }

    [Theory]
    [InlineData("login_required")]
    [InlineData("interaction_required")]
    public async Task K_11_goes_there_again_once_when_the_provider_wants_its_user(string error)
    {
        var again = await FinishAsync(Upstreams.SignIn(), command => command with { Code = null, Error = error });
        Assert.Equal("request-1", Assert.IsType<AuthorizeStep.SignInThere>(Assert.IsType<UpstreamArrival.Went>(again).Step).RequestId);
        await requests.DidNotReceiveWithAnyArgs().TryAnswerAsync("", default, null, Given.Ct);
        AssertClientHears(
            "login_required",
            await FinishAsync(Upstreams.SignIn(), command => command with { Code = null, Error = error, AskedAgain = true })
        );
    }

    private static FinishUpstreamSignInCommand Denied(FinishUpstreamSignInCommand command) =>
        command with
        {
            Code = null,
            Error = "access_denied",
        };

    private static void AssertClientHears(string error, UpstreamArrival arrival) =>
        Assert.Equal(error, Assert.IsType<AuthorizeStep.Redirect>(Assert.IsType<UpstreamArrival.Went>(arrival).Step).Response.Error?.Code);

    private async Task AssertAsksNobodyAsync(string code, Task<UpstreamArrival> finished)
    {
        Assert.Equal(code, Given.Refusal(await finished).Code);
        await providers.DidNotReceiveWithAnyArgs().RedeemAsync(default!, default!, Given.Ct);
        await accounts.DidNotReceiveWithAnyArgs().SignInAsync(default!, default!, default, default, Given.Ct);
    }

    private Task<UpstreamArrival> FinishAsync(
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
            Given.Visitor()
        );
        var settings = Given.Settings with { Providers = [provider ?? Upstreams.Provider] };
        return new FinishUpstreamSignInHandler(
            new UpstreamCallbacks(signIns, providers, settings),
            new UpstreamRefusals(Given.Open(requests), Given.Codes(requests, Substitute.For<IConsentStore>())),
            accounts,
            settings,
            new CurrentAct(),
            new FakeTimeProvider(Given.Now)
        ).Handle(change?.Invoke(command) ?? command, Given.Ct);
    }
}
