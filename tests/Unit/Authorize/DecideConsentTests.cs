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
    private Allowed? allowed;
    private Consent? Remembered => allowed?.Remembered;

    public DecideConsentTests()
    {
        Store(Given.Request());
        requests
            .TryAnswerAsync(
                "request-1",
                Given.Now,
                Arg.Do<Allowed?>(written => (answered, allowed) = (true, written)),
                Arg.Any<CancellationToken>()
            )
            .Returns(true);
    }

    [Fact]
    public async Task Allowing_sends_the_client_a_code_of_which_the_hash_is_kept()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true));
        var answer = QueryHelpers.ParseQuery(new Uri(step.Response.Location()).Query);
        Assert.StartsWith(Given.Callback + "?", step.Response.Location(), StringComparison.Ordinal);
        Assert.Equal(["code", "state", "iss"], answer.Keys);
        Assert.Equal(("xyz", Given.Issuer), (answer["state"].Single(), answer["iss"].Single()));
        Assert.Null(step.Response.Error);

        var (grant, code) = (allowed!.Grant, allowed.Code);
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
        Assert.Equal(granted, allowed!.Grant.Scope.ToString());
        Assert.Equal(granted, Remembered!.Scope.ToString());
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
        Assert.Equal("access_denied", Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true)).Error?.Code);
        Assert.Null(allowed);
    }

    [Fact]
    public async Task Remembers_what_was_allowed_as_long_as_a_grant()
    {
        await DecideAsync(allow: true);
        Assert.Equal(
            (Given.Subject, Given.ClientId, Given.Now, Given.Now.AddDays(90)),
            (Remembered!.Subject, Remembered.ClientId, Remembered.GivenAt, Remembered.ExpiresAt)
        );
        Assert.Equal(Consent.DigestOf(Given.Client()), Remembered.ClientDigest);
    }

    [Fact]
    public async Task C_09_remembers_nothing_of_an_answer_that_any_program_here_could_have_asked_for()
    {
        Store(Given.Request() with { RedirectUri = "http://127.0.0.1:5000/cb" });
        Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: true));
        Assert.Null(Remembered);
    }

    [Fact]
    public async Task Remembers_nothing_of_a_denial()
    {
        await DecideAsync(allow: false);
        Assert.Null(Remembered);
    }

    [Fact]
    public async Task C_20_denying_sends_the_client_access_denied_and_grants_nothing()
    {
        var step = Assert.IsType<AuthorizeStep.Redirect>(await DecideAsync(allow: false));
        Assert.Equal("access_denied", step.Response.Error?.Code);
        Assert.StartsWith($"{Given.Callback}?error=access_denied&", step.Response.Location(), StringComparison.Ordinal);
        Assert.EndsWith("&state=xyz&iss=https%3A%2F%2Fmcp.example", step.Response.Location(), StringComparison.Ordinal);
        Assert.True(answered);
        Assert.Null(allowed);
    }

    [Fact]
    public async Task L11_a_session_that_has_ended_meanwhile_allows_nothing()
    {
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(false);
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await DecideAsync(allow: true));
    }

    [Fact]
    public async Task L11_allows_in_the_name_of_the_session_that_was_checked()
    {
        await DecideAsync(allow: true);
        Assert.Equal("stamp-1", allowed!.Stamp);
    }

    [Fact]
    public async Task C_04_another_browser_gets_no_code()
    {
        AssertPage(
            "access_denied",
            "This sign-in was started in another browser.",
            await DecideAsync(allow: true, Given.Visitor(browser: new Secret("other")))
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
            Given.Open(requests, clock),
            requests,
            Given.Directory(client ?? Given.Client()),
            Given.Codes(requests, consents),
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
