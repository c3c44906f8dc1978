using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Authorize;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class ContinueAuthorizationTests
{
    private readonly IAuthorizationRequestStore requests = Substitute.For<IAuthorizationRequestStore>();

    public ContinueAuthorizationTests() => requests.FindAsync("request-1", Arg.Any<CancellationToken>()).Returns(Given.Request());

    [Fact]
    public async Task Goes_from_sign_in_to_consent()
    {
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), await ContinueAsync(Given.Visitor(subject: null)));
        Assert.Equal(new AuthorizeStep.Consent("request-1"), await ContinueAsync(Given.Visitor()));
    }

    [Fact]
    public async Task C_04_another_browser_gets_no_further() =>
        Assert.Equal("access_denied", Assert.IsType<AuthorizeStep.Refuse>(await ContinueAsync(Given.Visitor(browser: TokenHash.Of(new Secret("other"))))).Reason.Code);

    [Fact]
    public async Task C_05_unknown_request_gets_a_page() => Assert.Equal(
        "This sign-in has expired. Start again from your application.", Assert.IsType<AuthorizeStep.Refuse>(await ContinueAsync(Given.Visitor(), "request-2")).Reason.Description);

    private Task<AuthorizeStep> ContinueAsync(Visitor visitor, string requestId = "request-1") =>
        new ContinueAuthorizationHandler(requests, new CodeIssuer(requests, Given.Settings), new FakeTimeProvider(Given.Now)).Handle(new ContinueAuthorizationCommand(requestId, visitor), Given.Ct);
}
