using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>A provider that wants its user to sign in there and not only to pass by.</summary>
public sealed class ProviderWantsItsUserTests
{
    [Theory]
    [InlineData("interaction_required", "AADSTS50076: Due to a configuration change you must use multi-factor authentication.")]
    [InlineData("invalid_grant", "AADSTS70043: The refresh token has expired or is invalid due to sign-in frequency checks.")]
    public async Task K_11_sends_the_user_there_again_with_prompt_login_and_says_so(string error, string description)
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        gitLab.Endpoints.Break(
            gitLab.TokenPath,
            http => UpstreamStandIn.AnswerJsonAsync(http, new { error, error_description = description }, 400),
            times: 1
        );
        using var browser = await upstream.TryAsync();
        var page = await browser.Response.AssertPageAsync();
        Assert.Contains("wants you to sign in there once more", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("AADSTS", browser.Text, StringComparison.Ordinal);

        await browser.OpenAsync(page.QuerySelector("main a")!.GetAttribute("href")!);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        var asked = upstream.Provider.Authorizations.ToList();
        Assert.False(asked[0].ContainsKey("prompt"));
        Assert.Equal(("login", "0"), (asked[1]["prompt"], asked[1]["max_age"]));

        await upstream.SignInAsync(); // another browser, which has nothing to make up for
        Assert.False(upstream.Provider.Authorizations.Last().ContainsKey("prompt"));
    }

    [Fact]
    public async Task K_11_asks_with_prompt_login_from_the_sign_in_page_too()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        using var browser = upstream.Browser();
        await browser.OpenAsync("/connections");
        gitLab.Endpoints.AnswersWith["error"] = "login_required";
        await browser.SubmitAsync("Sign in with GitLab");
        var page = await browser.Response.AssertPageAsync();
        gitLab.Endpoints.AnswersWith.Clear();
        await browser.OpenAsync(page.QuerySelector("main a")!.GetAttribute("href")!);
        await browser.SubmitAsync("Sign in with GitLab");
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        Assert.Equal("login", upstream.Provider.Authorizations.Last()["prompt"]);
    }

    [Fact]
    public async Task K_11_tells_the_client_when_that_does_not_help()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        gitLab.Endpoints.AnswersWith["error"] = "login_required";
        using var browser = await upstream.TryAsync();
        var page = await browser.Response.AssertPageAsync();
        await browser.OpenAsync(page.QuerySelector("main a")!.GetAttribute("href")!);
        AuthorizeAnswers.AssertErrorResponse(browser.Location.AbsoluteUri, upstream.Server, "login_required");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task M8_tells_the_client_that_wanted_its_user_to_sign_in_anew_when_they_did_not(bool says)
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        gitLab.SignedInAgo = says ? TimeSpan.FromHours(1) : null;
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(("prompt", "login")));
        await browser.SubmitAsync("Allow");
        AuthorizeAnswers.AssertErrorResponse(browser.Location.AbsoluteUri, upstream.Server, "login_required");
    }

    [Fact]
    public async Task A_scope_that_was_unticked_stays_so_on_the_way_over_the_provider()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(("scope", "mcp.read mcp.write")));
        browser.Untick("mcp.write");
        await browser.SubmitAsync("Allow");
        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(browser.Location.Query)["code"].ToString();
        using var exchanged = await client.ExchangeAsync(code);
        Assert.Equal("mcp.read", (string?)(await exchanged.JsonAsync())["scope"]);
    }
}
