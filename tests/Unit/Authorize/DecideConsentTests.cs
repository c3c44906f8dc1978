using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Authorize;

public sealed class DecideConsentTests
{
    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();
    private readonly FakeTimeProvider clock = new(Given.Now);
    private bool answered;
    private readonly IConsentStore consents = Substitute.For<IConsentStore>();
    private (Grant Grant, AuthorizationCode Code)? allowed;
    private Consent? remembered;

    public DecideConsentTests()
    {
        Store(Given.Request());
        requests
            .TryAnswerAsync(
                "request-1",
                Given.Now,
                Arg.Do<(Grant, AuthorizationCode)?>(pair => (answered, allowed) = (true, pair)),
                Arg.Any<CancellationToken>()
            )
            .Returns(true);
        consents.RememberAsync(Arg.Do<Consent>(consent => remembered = consent), Arg.Any<CancellationToken>()).Returns(Task.CompletedTask);
    }

    [Fact]
    public async Task Allowing_sends_the_client_a_code_of_which_the_hash_is_kept()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true));
        var answer = QueryHelpers.ParseQuery(new Uri(step.Location).Query);
        Assert.StartsWith(Given.Callback + "?", step.Location, StringComparison.Ordinal);
        Assert.Equal(["code", "state", "iss"], answer.Keys);
        Assert.Equal(("xyz", Given.Issuer), (answer["state"].Single(), answer["iss"].Single()));
        Assert.Null(step.Reason);

        var (grant, code) = allowed!.Value;
        Assert.Equal(TokenHash.Of(new Secret(answer["code"].Single()!)), code.Hash);
        Assert.Equal(
            (grant.Id, Given.ClientId, Given.Callback, Given.Challenge, Given.Now.AddMinutes(1)),
            (code.GrantId, code.ClientId, code.RedirectUri, code.CodeChallenge.Value, code.ExpiresAt)
        );
        Assert.Equal(
            (Given.Subject, Given.ClientId, Given.Resource, Given.Now.AddDays(90)),
            (grant.Subject, grant.ClientId, grant.Resource, grant.ExpiresAt)
        );
        Assert.Equal("mcp.read", grant.Scope.ToString());
    }

    [Theory]
    [InlineData("mcp.read mcp.write", "mcp.write", "mcp.read mcp.write")]
    [InlineData("mcp.read mcp.write", "", "mcp.read")]
    [InlineData("mcp.write", "mcp.write", "mcp.write")]
    [InlineData("mcp.write", "", "mcp.read")]
    [InlineData("mcp.read a b", "b", "mcp.read b")]
    public async Task Grants_what_was_ticked_and_what_the_endpoint_needs(string asked, string ticked, string granted)
    {
        Store(Given.Request() with { Scope = ScopeSet.Of(asked.Split(' ')) });
        Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true, ticked: ticked));
        Assert.Equal(granted, allowed!.Value.Grant.Scope.ToString());
        Assert.Equal(granted, remembered!.Scope.ToString());
    }

    [Theory]
    [InlineData("mcp.write")]
    [InlineData("mcp.read mcp.write")]
    public async Task C_03_refuses_a_tick_for_what_was_not_asked(string ticked)
    {
        AssertPage("invalid_request", "The form is malformed.", await DecideAsync(allow: true, ticked: ticked));
        Assert.False(answered);
    }

    [Fact]
    public async Task Allowing_nothing_is_denying()
    {
        Store(Given.Request() with { Scope = ScopeSet.Of("a", "b") });
        Assert.Equal("access_denied", Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true)).Reason?.Code);
        Assert.Null(allowed);
    }

    [Fact]
    public async Task Remembers_what_was_allowed_as_long_as_a_grant()
    {
        await DecideAsync(allow: true);
        Assert.Equal(
            (Given.Subject, Given.ClientId, Given.Now, Given.Now.AddDays(90)),
            (remembered!.Subject, remembered.ClientId, remembered.GivenAt, remembered.ExpiresAt)
        );
        Assert.Equal(Consent.DigestOf(Given.Client()), remembered.ClientDigest);
    }

    [Fact]
    public async Task C_09_remembers_nothing_of_an_answer_that_any_program_here_could_have_asked_for()
    {
        Store(Given.Request() with { RedirectUri = "http://127.0.0.1:5000/cb" });
        Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true));
        Assert.Null(remembered);
    }

    [Fact]
    public async Task Remembers_nothing_of_a_denial()
    {
        await DecideAsync(allow: false);
        Assert.Null(remembered);
    }

    [Fact]
    public async Task C_20_denying_sends_the_client_access_denied_and_grants_nothing()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: false));
        Assert.Equal("access_denied", step.Reason?.Code);
        Assert.StartsWith($"{Given.Callback}?error=access_denied&", step.Location, StringComparison.Ordinal);
        Assert.EndsWith("&state=xyz&iss=https%3A%2F%2Fmcp.example", step.Location, StringComparison.Ordinal);
        Assert.True(answered);
        Assert.Null(allowed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C_21_second_of_two_answers_at_once_gets_a_page(bool allow)
    {
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(false);
        AssertPage("invalid_request", "This request was already answered.", await DecideAsync(allow));
    }

    [Fact]
    public async Task C_21_answering_again_later_gets_a_page()
    {
        Store(Given.Request(answeredAt: Given.Now));
        AssertPage("invalid_request", "This request was already answered.", await DecideAsync(allow: true));
        Assert.False(answered);
    }

    [Fact]
    public async Task C_04_another_browser_gets_no_code()
    {
        AssertPage(
            "access_denied",
            "This sign-in was started in another browser.",
            await DecideAsync(allow: true, Given.Visitor(browser: TokenHash.Of(new Secret("other"))))
        );
        AssertPage(
            "access_denied",
            "This sign-in was started in another browser.",
            await DecideAsync(allow: true, Given.Visitor() with { Browser = null })
        );
        Assert.False(answered);
    }

    [Fact]
    public async Task C_05_answer_after_ten_minutes_gets_a_page()
    {
        clock.Advance(TimeSpan.FromMinutes(10));
        AssertPage("invalid_request", "This sign-in has expired.", await DecideAsync(allow: true));
        Assert.False(answered);
    }

    [Fact]
    public async Task Nobody_signed_in_is_asked_to_sign_in()
    {
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await DecideAsync(allow: true, Given.Visitor(subject: null)));
        Assert.False(answered);
    }

    [Fact]
    public async Task Stale_session_is_asked_to_sign_in_when_the_client_wanted_a_fresh_one()
    {
        Store(Given.Request(requiresFreshSignIn: true));
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await DecideAsync(allow: true));
        Assert.False(answered);
    }

    [Fact]
    public async Task A_23_client_disabled_meanwhile_gets_no_code()
    {
        AssertPage(
            "invalid_request",
            "The application is no longer registered here.",
            await DecideAsync(allow: true, client: Given.Client(disabledAt: Given.Now))
        );
        Assert.False(answered);
    }

    private void Store(AuthorizationRequest request) => requests.FindAsync(request.Id, Arg.Any<CancellationToken>()).Returns(request);

    private Task<AuthorizeStep> DecideAsync(bool allow, Visitor? visitor = null, Client? client = null, string ticked = "") =>
        new DecideConsentHandler(
            requests,
            Given.Directory(client ?? Given.Client()),
            new CodeIssuer(requests, consents, Given.Settings),
            clock
        ).Handle(
            new DecideConsentCommand(
                "request-1",
                visitor ?? Given.Visitor(),
                allow,
                ticked.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            ),
            Given.Ct
        );

    private static void AssertPage(string code, string description, AuthorizeStep step)
    {
        var refusal = Assert.IsType<AuthorizeStep.Refuse>(step).Reason;
        Assert.Equal((code, description), (refusal.Code, refusal.Description));
    }
}
