using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class AuthorizationRequestTests
{
    private const string Iss = "&iss=https%3A%2F%2Fmcp.example";

    [Theory]
    [InlineData("https://app.example/cb", "https://app.example/cb?code=a")]
    [InlineData("https://app.example/cb?tenant=1", "https://app.example/cb?tenant=1&code=a")]
    [InlineData("http://localhost:3000", "http://localhost:3000?code=a")]
    [InlineData("cursor://host/cb", "cursor://host/cb?code=a")]
    [InlineData("com.example.app:/cb", "com.example.app:/cb?code=a")]
    public void Response_adds_to_the_query_that_the_redirect_uri_has(string redirectUri, string start) =>
        Assert.Equal($"{start}&state=xyz{Iss}", AuthorizationRequest.Response(redirectUri, "xyz", Given.Issuer, ("code", "a")));

    [Fact]
    public void A_17_response_without_state_carries_iss_all_the_same() =>
        Assert.Equal(
            $"https://app.example/cb?code=a{Iss}",
            AuthorizationRequest.Response("https://app.example/cb", null, Given.Issuer, ("code", "a"))
        );

    [Fact]
    public void A_16_state_goes_back_as_it_was_encoded() =>
        Assert.EndsWith(
            $"&state=%00%0D%0A%2B%FF%3Cscript%3E{Iss}",
            AuthorizationRequest.Response(Given.Callback, "%00%0D%0A%2B%FF%3Cscript%3E", Given.Issuer, ("code", "a")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Values_cannot_break_out_of_their_parameter() =>
        Assert.StartsWith(
            $"{Given.Callback}?code=a%26iss%3Devil%23%0D%0A&",
            AuthorizationRequest.Response(Given.Callback, null, Given.Issuer, ("code", "a&iss=evil#\r\n")),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_17_error_response_carries_code_description_state_and_one_iss() =>
        Assert.Equal(
            $"{Given.Callback}?error=access_denied&error_description=The%20user%20did%20not%20allow%20access.&state=xyz{Iss}",
            AuthorizationRequest.ErrorResponse(Given.Callback, "xyz", Given.Issuer, OAuthError.AccessDenied())
        );

    [Fact]
    public void Error_response_keeps_the_detail_to_itself() =>
        Assert.DoesNotContain(
            "canary",
            AuthorizationRequest.ErrorResponse(Given.Callback, null, Given.Issuer, OAuthError.InvalidScope("canary")),
            StringComparison.Ordinal
        );

    [Fact]
    public void Nobody_signed_in_means_sign_in_first() =>
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), Given.Request().NextStep(null, null));

    [Fact]
    public void Signed_in_means_consent_next() =>
        Assert.Equal(new AuthorizeStep.Consent("request-1"), Given.Request().NextStep("usr_alice", Given.Now.AddDays(-7)));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Fresh_sign_in_means_since_the_request_began(int seconds, bool isFresh)
    {
        var step = Given.Request(requiresFreshSignIn: true).NextStep("usr_alice", Given.Now.AddSeconds(seconds));
        Assert.Equal(isFresh ? new AuthorizeStep.Consent("request-1") : new AuthorizeStep.SignIn("request-1"), step);
    }

    [Fact]
    public void Sign_in_of_unknown_age_is_not_fresh() =>
        Assert.Equal(new AuthorizeStep.SignIn("request-1"), Given.Request(requiresFreshSignIn: true).NextStep("usr_alice", null));

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
}
