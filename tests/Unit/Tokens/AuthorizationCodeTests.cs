using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Tokens;

public sealed class AuthorizationCodeTests
{
    [Fact]
    public void Accepts_its_client_with_the_verifier() => Assert.Null(Refuse(Given.Code()));

    [Fact]
    public void T_06_rejects_a_wrong_or_missing_verifier()
    {
        AssertRefused("code_verifier does not match", Refuse(Given.Code(), verifier: new Secret(new string('a', 43))));
        AssertRefused("code_verifier does not match", Given.Code().Refuse(Given.Client(), Given.Callback, null, Given.Now));
    }

    [Fact]
    public void T_07_rejects_a_code_issued_to_another_client() =>
        AssertRefused("code was issued to another client", Refuse(Given.Code(issuedTo: "cli_other")));

    [Theory]
    [InlineData("https://app.example/callback/")]
    [InlineData("https://app.example/CALLBACK")]
    [InlineData("https://evil.example/callback")]
    public void T_08_rejects_a_redirect_uri_that_differs(string redirectUri) =>
        AssertRefused(
            "redirect_uri differs from the authorization request",
            Given.Code().Refuse(Given.Client(), redirectUri, Given.Verifier, Given.Now)
        );

    [Fact]
    public void T_08_accepts_an_omitted_redirect_uri() => Assert.Null(Given.Code().Refuse(Given.Client(), null, Given.Verifier, Given.Now));

    [Fact]
    public void T_10_rejects_a_code_at_the_end_of_its_lifetime()
    {
        Assert.Null(Refuse(Given.Code(expiresAt: Given.Now.AddTicks(1))));
        AssertRefused("code has expired", Refuse(Given.Code(expiresAt: Given.Now)));
    }

    [Fact]
    public void T_11_lets_a_spent_code_pass_to_the_store_however_late() =>
        Assert.Null(Refuse(Given.Code(redeemedAt: Given.Now.AddHours(-1), expiresAt: Given.Now.AddHours(-1))));

    [Fact]
    public void T_12_rejects_a_replay_that_proves_less_than_everything()
    {
        AssertRefused("code was issued to another client", Refuse(Given.Code(issuedTo: "cli_other", redeemedAt: Given.Now)));
        AssertRefused("code_verifier does not match", Refuse(Given.Code(redeemedAt: Given.Now), verifier: new Secret(new string('a', 43))));
    }

    private static OAuthError? Refuse(AuthorizationCode code, Secret? verifier = null) =>
        code.Refuse(Given.Client(), Given.Callback, verifier ?? Given.Verifier, Given.Now);

    private static void AssertRefused(string detail, OAuthError? refusal)
    {
        Assert.Equal("invalid_grant", refusal?.Code);
        Assert.Equal(detail, refusal?.Detail);
    }
}
