using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class AuthorizationRequestTests
{
    [Fact]
    public void Nobody_signed_in_means_sign_in_first() =>
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), Given.Request().NextStep(Given.Visitor(subject: null)));

    [Fact]
    public void Signed_in_means_consent_next() =>
        Assert.Equal(new AuthorizeStep.Consent("request-1"), Given.Request().NextStep(SignedIn(Given.Now.AddDays(-7))));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Fresh_sign_in_means_since_the_request_began(int seconds, bool isFresh)
    {
        var step = Given.Request(requiresFreshSignIn: true).NextStep(SignedIn(Given.Now.AddSeconds(seconds)));
        Assert.Equal(isFresh ? new AuthorizeStep.Consent("request-1") : new AuthorizeStep.SignIn("request-1"), step);
    }

    [Fact]
    public void Sign_in_of_unknown_age_is_not_fresh() =>
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), Given.Request(requiresFreshSignIn: true).NextStep(SignedIn(null)));

    [Fact]
    public void C_05_expires_after_ten_minutes()
    {
        Assert.False(Given.Request().IsExpired(Given.Now.AddMinutes(10).AddTicks(-1)));
        Assert.True(Given.Request().IsExpired(Given.Now.AddMinutes(10)));
    }

    [Fact]
    public void A_19_trusts_the_target_of_a_pre_registered_client_and_the_users_own_machine()
    {
        Assert.True(AuthorizationRequest.IsTrustedTarget(Given.Client(preRegistered: true), Given.Callback));
        Assert.True(AuthorizationRequest.IsTrustedTarget(Given.Client(), "http://127.0.0.1:5000/cb"));
        Assert.False(AuthorizationRequest.IsTrustedTarget(Given.Client(), Given.Callback));
        Assert.False(AuthorizationRequest.IsTrustedTarget(Given.Client(), "cursor://host/cb"));
    }

    [Fact]
    public void Answered_means_answered() =>
        Assert.Equal(AuthorizationRequest.AlreadyAnswered, Given.Request(answeredAt: Given.Now).NextStep(Given.Visitor()).Error);

    [Fact]
    public void The_browser_that_began_it_may_act_on_it_signed_in_or_not()
    {
        Assert.Null(Given.Request().Refuse(Given.Visitor(), Given.Now));
        Assert.Null(Given.Request().Refuse(Given.Visitor(subject: null), Given.Now));
        Assert.Null(Given.Request(answeredAt: Given.Now).Refuse(Given.Visitor(), Given.Now));
    }

    [Fact]
    public void C_04_no_other_browser_may()
    {
        var refusal = Given.Request(answeredAt: Given.Now).Refuse(Given.Visitor(browser: new Secret("other")), Given.Now);
        Assert.Equal(("access_denied", "This sign-in was started in another browser."), (refusal?.Code, refusal?.Description));
        Assert.Equal("access_denied", Given.Request().Refuse(Given.Visitor() with { Browser = null }, Given.Now)?.Code);
    }

    [Fact]
    public void C_05_nobody_may_after_ten_minutes() =>
        Assert.Equal(AuthorizationRequest.Expired, Given.Request().Refuse(Given.Visitor(), Given.Now.AddMinutes(10)));

    [Fact]
    public void C_21_the_same_cookie_and_salt_make_the_same_code_and_no_others_do()
    {
        var code = AuthorizationRequest.Code(Given.BrowserCookie, "salt");
        Assert.Matches("^[A-Za-z0-9_-]{43}$", code.Reveal());
        Assert.Equal(code, AuthorizationRequest.Code(Given.BrowserCookie, "salt"));
        Assert.NotEqual(code, AuthorizationRequest.Code(Given.BrowserCookie, "other"));
        Assert.NotEqual(code, AuthorizationRequest.Code(new Secret("other"), "salt"));
    }

    private static Visitor SignedIn(DateTimeOffset? at) => Given.Visitor() with { SignedInAt = at };
}
