using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class ContinueAuthorizationTests
{
    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();

    private readonly IConsentStore consents = Substitute.For<IConsentStore>();

    public ContinueAuthorizationTests() => requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request());

    [Fact]
    public async Task Goes_from_sign_in_to_consent()
    {
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await ContinueAsync(Given.Visitor(subject: null)));
        Assert.Equal(new AuthorizeStep.Consent("request-1"), await ContinueAsync(Given.Visitor()));
    }

    [Fact]
    public async Task C_04_another_browser_gets_no_further() =>
        Assert.Equal(
            "access_denied",
            Assert.IsType<AuthorizeStep.Refuse>(await ContinueAsync(Given.Visitor(browser: new Secret("other")))).Reason.Code
        );

    [Fact]
    public async Task C_05_unknown_request_gets_a_page() =>
        Assert.Equal(
            "This sign-in has expired.",
            Assert.IsType<AuthorizeStep.Refuse>(await ContinueAsync(Given.Visitor(), "request-2")).Reason.Description
        );

    [Fact]
    public async Task Answers_by_what_was_allowed_before_once_the_user_has_signed_in()
    {
        consents.FindAsync(Given.Subject, Given.ClientId, Given.Ct).Returns(Given.Consent());
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(true);
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await ContinueAsync(Given.Visitor(subject: null)));
        Assert.Equal(new AuthorizeStep.Consent("request-1"), await ContinueAsync(Given.Visitor(subject: "usr_bob")));
        var step = Assert.IsType<AuthorizeStep.Redirect>(await ContinueAsync(Given.Visitor()));
        Assert.StartsWith($"{Given.Callback}?code=", step.Response.Location(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_21_answers_by_it_once()
    {
        consents.FindAsync(Given.Subject, Given.ClientId, Given.Ct).Returns(Given.Consent());
        requests.TryAnswerAsync("", default, null, Given.Ct).ReturnsForAnyArgs(false);
        requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request(), Given.Request(answeredAt: Given.Now));
        Assert.Equal(
            "This request was already answered.",
            Assert.IsType<AuthorizeStep.Refuse>(await ContinueAsync(Given.Visitor())).Reason.Description
        );
    }

    private Task<AuthorizeStep> ContinueAsync(Visitor visitor, string requestId = "request-1") =>
        new ContinueAuthorizationHandler(
            Given.Open(requests),
            Given.Directory(Given.Client()),
            Given.Codes(requests, consents),
            Given.Answers(requests),
            new FakeTimeProvider(Given.Now)
        ).Handle(new ContinueAuthorizationCommand(requestId, visitor), Given.Ct);
}
