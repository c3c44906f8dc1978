using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class UpstreamSignInTests
{
    private static readonly TokenHash Other = TokenHash.Of(new Secret("another browser"));
    private static readonly UpstreamSignIn SignIn = Upstreams.SignIn();

    [Fact]
    public void The_browser_that_was_sent_away_comes_back_once() => Assert.Null(SignIn.Refuse(Given.Browser, Given.Now));

    [Theory]
    [InlineData(599, false)]
    [InlineData(600, true)]
    public void C_05_it_lasts_ten_minutes(int seconds, bool isRefused) =>
        Assert.Equal(isRefused ? "invalid_request" : null, SignIn.Refuse(Given.Browser, Given.Now.AddSeconds(seconds))?.Code);

    [Fact]
    public void C_05_it_is_used_once() =>
        Assert.Equal("invalid_request", (SignIn with { UsedAt = Given.Now }).Refuse(Given.Browser, Given.Now)?.Code);

    [Fact]
    public void C_06_no_other_browser_may_bring_the_answer()
    {
        foreach (var browser in new TokenHash?[] { Other, null })
            Assert.Equal(
                ("access_denied", "upstream binding cookie missing or different"),
                (SignIn.Refuse(browser, Given.Now)?.Code, SignIn.Refuse(browser, Given.Now)?.Detail)
            );
    }

    [Fact]
    public void Another_browser_does_not_learn_that_it_was_used() =>
        Assert.Equal("access_denied", (SignIn with { UsedAt = Given.Now }).Refuse(Other, Given.Now)?.Code);

    [Theory]
    [InlineData("interaction_required", null, true)]
    [InlineData("login_required", null, true)]
    [InlineData("invalid_grant", "AADSTS70043: The refresh token has expired or is invalid.", true)]
    [InlineData("invalid_grant", "AADSTS70008: The provided authorization code has expired.", false)]
    [InlineData("invalid_grant", null, false)]
    [InlineData("server_error", "AADSTS70043", false)]
    public void K_11_some_trouble_ends_once_the_user_signs_in_there(string error, string? description, bool ends) =>
        Assert.Equal(ends, UpstreamSignIn.NeedsUser(error, description));
}
