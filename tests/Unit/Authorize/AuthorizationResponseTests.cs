using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Authorize;

public sealed class AuthorizationResponseTests
{
    private const string Iss = "&iss=https%3A%2F%2Fmcp.example";

    [Theory]
    [InlineData("https://app.example/cb", "https://app.example/cb?code=a")]
    [InlineData("https://app.example/cb?tenant=1", "https://app.example/cb?tenant=1&code=a")]
    [InlineData("http://localhost:3000", "http://localhost:3000?code=a")]
    [InlineData("cursor://host/cb", "cursor://host/cb?code=a")]
    [InlineData("com.example.app:/cb", "com.example.app:/cb?code=a")]
    public void Response_adds_to_the_query_that_the_redirect_uri_has(string redirectUri, string start) =>
        Assert.Equal($"{start}&state=xyz{Iss}", Code(redirectUri, "xyz"));

    [Fact]
    public void A_17_response_without_state_carries_iss_all_the_same() =>
        Assert.Equal($"https://app.example/cb?code=a{Iss}", Code("https://app.example/cb", null));

    [Fact]
    public void A_16_state_goes_back_as_it_was_encoded() =>
        Assert.EndsWith(
            $"&state=%00%0D%0A%2B%FF%3Cscript%3E{Iss}",
            Code(Given.Callback, "%00%0D%0A%2B%FF%3Cscript%3E"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Values_cannot_break_out_of_their_parameter() =>
        Assert.StartsWith(
            $"{Given.Callback}?code=a%26iss%3Devil%23%0D%0A&",
            Code(Given.Callback, null, "a&iss=evil#\r\n"),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_17_error_response_carries_code_description_state_and_one_iss() =>
        Assert.Equal(
            $"{Given.Callback}?error=access_denied&error_description=The%20user%20did%20not%20allow%20access.&state=xyz{Iss}",
            Error("xyz", OAuthError.AccessDenied())
        );

    [Fact]
    public void Error_response_keeps_the_detail_to_itself() =>
        Assert.DoesNotContain("canary", Error(null, OAuthError.InvalidScope("canary")), StringComparison.Ordinal);

    [Theory]
    [InlineData("cursor://host/cb", true)]
    [InlineData("com.example.app:/cb", true)]
    [InlineData("https://app.example/cb", false)]
    [InlineData("http://localhost:3000", false)]
    public void Only_an_address_that_a_browser_hands_on_opens_an_application(string redirectUri, bool opens) =>
        Assert.Equal(opens, new AuthorizationResponse(redirectUri, null, Given.Issuer, new Secret("a"), null).OpensApplication);

    private static string Code(string redirectUri, string? state, string code = "a") =>
        new AuthorizationResponse(redirectUri, state, Given.Issuer, new Secret(code), null).Location();

    private static string Error(string? state, OAuthError error) =>
        new AuthorizationResponse(Given.Callback, state, Given.Issuer, null, error).Location();
}
