using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Authorize;

public sealed class StartAuthorizationTests
{
    private static readonly Visitor Anybody = new(Given.BrowserCookie, null, null);

    private static readonly StartAuthorizationCommand Good = new(
        Given.ClientId,
        Given.Callback,
        "code",
        "mcp.read",
        "xyz",
        Given.Challenge,
        "S256",
        [Given.Resource],
        null,
        null,
        Anybody,
        "none"
    );

    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();
    private readonly IConsentStore consents = Substitute.For<IConsentStore>();
    private AuthorizationRequest? stored;

    public StartAuthorizationTests() =>
        requests
            .TryAddAsync(Arg.Do<AuthorizationRequest>(request => stored = request), Arg.Any<int>(), Arg.Any<CancellationToken>())
            .Returns(true);

    [Fact]
    public async Task Keeps_the_request_and_asks_who_it_is()
    {
        var step = Assert.IsType<AuthorizeStep.SignIn>(await StartAsync(Good));
        Assert.Equal(Given.Request() with { Id = step.RequestId, Scope = stored!.Scope }, stored);
        Assert.Equal("mcp.read", stored.Scope.ToString());
        Assert.Matches("^[A-Za-z0-9_-]{43}$", step.RequestId);
    }

    [Fact]
    public async Task Asks_a_signed_in_user_for_consent()
    {
        var step = Assert.IsType<AuthorizeStep.Consent>(await StartAsync(Good with { Visitor = Given.Visitor() }));
        Assert.Equal(stored!.Id, step.RequestId);
    }

    [Theory]
    [InlineData("none", null, true)]
    [InlineData("same-origin", null, true)]
    [InlineData("none", "none", true)]
    [InlineData("none", "select_account", true)]
    [InlineData("none", "consent", false)]
    [InlineData("none", "login consent", false)]
    [InlineData("cross-site", null, false)]
    [InlineData("cross-site", "none", false)]
    [InlineData("same-site", null, false)]
    [InlineData("", null, false)]
    [InlineData(null, null, false)]
    public async Task C_09_answers_by_what_was_allowed_before_only_when_the_user_came_by_themselves(
        string? fetchSite,
        string? prompt,
        bool answers
    )
    {
        consents.FindAsync(Given.Subject, Given.ClientId, Arg.Any<CancellationToken>()).Returns(Given.Consent());
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(true);
        var step = await StartAsync(Good with { Visitor = Given.Visitor(), FetchSite = fetchSite, Prompt = prompt });
        Assert.Equal(answers, step is AuthorizeStep.Redirect { Response.Error: null });
        Assert.Equal(!answers, stored?.RequiresConsent ?? true);
    }

    [Fact]
    public async Task Grants_by_what_was_allowed_before_no_more_and_no_longer()
    {
        consents.FindAsync(Given.Subject, Given.ClientId, Arg.Any<CancellationToken>()).Returns(Given.Consent("mcp.read mcp.write"));
        Allowed? allowed = null;
        requests.TryAnswerAsync("", default, Arg.Do<Allowed?>(written => allowed = written), Given.Ct).ReturnsForAnyArgs(true);
        Assert.IsType<AuthorizeStep.Redirect>(await StartAsync(Good with { Visitor = Given.Visitor(), FetchSite = "none" }));
        Assert.Equal(("mcp.read", Given.Now.AddDays(89)), (allowed!.Grant.Scope.ToString(), allowed.Grant.ExpiresAt));
        Assert.Null(allowed.Remembered);
    }

    [Fact]
    public async Task Asks_a_signed_in_user_to_sign_in_again_when_the_client_wants_that()
    {
        Assert.IsType<AuthorizeStep.SignIn>(await StartAsync(Good with { Visitor = Given.Visitor(), Prompt = "login" }));
        Assert.True(stored!.RequiresFreshSignIn);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cli_unknown")]
    public async Task A_01_tells_the_user_of_an_unknown_client(string? clientId) =>
        await AssertPageAsync("client_id names no registered client.", Good with { ClientId = clientId });

    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("https://app.example/callback/")]
    public async Task A_02_tells_the_user_of_an_unregistered_redirect_uri(string redirectUri) =>
        await AssertPageAsync("redirect_uri is not registered for this client.", Good with { RedirectUri = redirectUri });

    [Fact]
    public async Task A_06_takes_the_only_registered_redirect_uri_when_none_is_sent()
    {
        await StartAsync(Good with { RedirectUri = null });
        Assert.Equal(Given.Callback, stored!.RedirectUri);
        await AssertPageAsync(
            "redirect_uri is not registered for this client.",
            Good with
            {
                RedirectUri = null,
            },
            Given.Client(redirectUris: [Given.Callback, "https://app.example/2"])
        );
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("redirect_uri")]
    public async Task A_07_tells_the_user_when_client_or_redirect_uri_comes_twice(string repeated) =>
        await AssertPageAsync($"{repeated} is given more than once.", Good with { Repeated = repeated });

    [Fact]
    public async Task A_16_tells_the_user_of_an_endless_state()
    {
        Assert.IsType<AuthorizeStep.SignIn>(await StartAsync(Good with { State = new string('a', 4096) }));
        stored = null;
        await AssertPageAsync("state is too long.", Good with { State = new string('a', 3 * 4096 + 1) });
    }

    [Fact]
    public async Task A_23_takes_a_disabled_client_for_unknown() =>
        await AssertPageAsync("client_id names no registered client.", Good, Given.Client(disabledAt: Given.Now, preRegistered: true));

    public static TheoryData<string, string, string?> Refused =>
        new()
        {
            { "A_07", "invalid_request", "state is given more than once." },
            { "A_08_missing", "invalid_request", "response_type is required." },
            { "A_08_token", "unsupported_response_type", null },
            { "A_09", "invalid_request", "code_challenge is required." },
            { "A_10", "invalid_request", "code_challenge_method must be S256." },
            { "A_11", "invalid_request", "code_challenge must be 43 to 128 unreserved characters." },
            { "A_12", "invalid_scope", "scope holds a character outside of scope-token" },
            { "A_13", "invalid_target", "resource is another origin" },
            { "K_38_request", "request_not_supported", null },
            { "K_38_request_uri", "request_uri_not_supported", null },
            { "K_38_response_mode", "invalid_request", "response_mode must be query." },
            { "prompt_none", "login_required", null },
        };

    private static StartAuthorizationCommand Bad(string what) =>
        what switch
        {
            "A_07" => Good with { Repeated = "state" },
            "A_08_missing" => Good with { ResponseType = null },
            "A_08_token" => Good with { ResponseType = "code token" },
            "A_09" => Good with { CodeChallenge = null },
            "A_10" => Good with { CodeChallengeMethod = "plain" },
            "A_11" => Good with { CodeChallenge = "short" },
            "A_12" => Good with { Scope = "a\"b" },
            "A_13" => Good with { Resources = [Given.Resource, "https://other.example/mcp"] },
            "K_38_request" => Good with { RequestObject = "e30.e30." },
            "K_38_request_uri" => Good with { RequestUri = "https://app.example/request" },
            "K_38_response_mode" => Good with { ResponseMode = "form_post" },
            _ => Good with { Prompt = "none" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Sends_the_error_back_to_a_client_that_an_operator_vouches_for(string what, string code, string? detail)
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await StartAsync(Bad(what), Given.Client(preRegistered: true)));
        Assert.Equal(code, step.Response.Error?.Code);
        if (detail is not null)
            Assert.Equal(detail, step.Response.Error?.Detail ?? step.Response.Error?.Description);
        Assert.StartsWith($"{Given.Callback}?error={code}&error_description=", step.Response.Location(), StringComparison.Ordinal);
        Assert.EndsWith("&state=xyz&iss=https%3A%2F%2Fmcp.example", step.Response.Location(), StringComparison.Ordinal);
        Assert.Null(stored);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_19_lets_the_user_confirm_when_anybody_could_have_registered_the_client(string what, string code, string? detail)
    {
        var step = Assert.IsType<AuthorizeStep.ConfirmRedirect>(await StartAsync(Bad(what)));
        Assert.Equal((code, Given.Callback), (step.Response.Error!.Code, step.Response.RedirectUri));
        if (detail is not null)
            Assert.Equal(detail, step.Response.Error!.Detail ?? step.Response.Error!.Description);
        Assert.StartsWith($"{Given.Callback}?error={code}&", step.Response.Location(), StringComparison.Ordinal);
        Assert.Null(stored);
    }

    [Fact]
    public async Task Sends_the_error_back_to_the_users_own_machine()
    {
        var client = Given.Client(redirectUris: ["http://127.0.0.1/cb"]);
        var step = Assert.IsType<AuthorizeStep.Redirect>(
            await StartAsync(Good with { RedirectUri = "http://127.0.0.1:51234/cb", ResponseType = null }, client)
        );
        Assert.StartsWith("http://127.0.0.1:51234/cb?error=invalid_request&", step.Response.Location(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("same-origin", true)]
    [InlineData("same-site", false)]
    [InlineData("cross-site", false)]
    [InlineData(null, false)]
    public async Task L2_sends_the_error_of_a_strangers_client_back_only_for_who_came_by_themselves(string? fetchSite, bool isSent)
    {
        var step = await StartAsync(Bad("A_08_token") with { Visitor = Given.Visitor(), FetchSite = fetchSite });
        Assert.Equal("unsupported_response_type", step.Error?.Code);
        Assert.Equal(isSent, step is AuthorizeStep.Redirect);
        Assert.Equal(!isSent, step is AuthorizeStep.ConfirmRedirect);
    }

    [Fact]
    public async Task K_38_takes_the_response_mode_that_there_is() =>
        Assert.IsType<AuthorizeStep.SignIn>(await StartAsync(Good with { ResponseMode = "query" }));

    [Fact]
    public async Task A_24_refuses_a_client_without_the_authorization_code_grant()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(
            await StartAsync(Good, Given.Client(preRegistered: true, grantTypes: ["refresh_token"]))
        );
        Assert.Equal(
            ("unauthorized_client", "client has no authorization_code grant"),
            (step.Response.Error?.Code, step.Response.Error?.Detail)
        );
    }

    [Theory]
    [InlineData(null, "mcp.read")]
    [InlineData("openid profile", "mcp.read")]
    [InlineData("offline_access mcp.write", "mcp.write")]
    public async Task A_12_drops_unknown_scopes_and_falls_back_on_the_default(string? scope, string kept)
    {
        await StartAsync(Good with { Scope = scope });
        Assert.Equal(kept, stored!.Scope.ToString());
    }

    [Fact]
    public async Task A_14_keeps_the_canonical_resource_however_it_was_spelled()
    {
        await StartAsync(Good with { Resources = ["HTTPS://MCP.example:443/mcp/?x=1"] });
        Assert.Equal(Given.Resource, stored!.Resource);
        await StartAsync(Good with { Resources = [] });
        Assert.Equal(Given.Resource, stored!.Resource);
    }

    private Task<AuthorizeStep> StartAsync(StartAuthorizationCommand command, Client? client = null) =>
        new StartAuthorizationHandler(
            Given.Resolver(client ?? Given.Client()),
            new Admission(requests, new OpenShares(Given.Settings, new FakeTimeProvider(Given.Now)), Given.Settings),
            Given.Codes(requests, consents),
            Given.Settings,
            new FakeTimeProvider(Given.Now)
        ).Handle(command, Given.Ct);

    /// <summary>Refused on a page of ours: nothing kept, nobody redirected.</summary>
    private async Task AssertPageAsync(string description, StartAuthorizationCommand command, Client? client = null)
    {
        stored = null;
        var refusal = Assert.IsType<AuthorizeStep.Refuse>(await StartAsync(command, client)).Reason;
        Assert.Equal(("invalid_request", description), (refusal.Code, refusal.Description));
        Assert.Null(stored);
    }
}
