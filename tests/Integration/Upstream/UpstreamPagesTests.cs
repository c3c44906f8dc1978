using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>The sign-in page where there are providers.</summary>
public sealed class UpstreamPagesTests
{
    [Fact]
    public async Task Offers_every_provider_and_the_password_where_there_is_a_choice()
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var server = await TestServer.StartAsync([
            .. UpstreamServer.Keys(gitHub, "github"),
            .. UpstreamServer.Keys(gitLab.Endpoints, "gitlab", "Upstream:Providers:0"),
            ("Upstream:Providers:0:Name", "forge"),
            ("Upstream:Providers:0:DisplayName", "The Forge"),
            ("Accounts:Local", "true"),
        ]);
        using var client = await TestClient.RegisterAsync(server);
        foreach (
            var (button, person, userName) in new[]
            {
                ("Sign in with GitHub", Person.Octocat, "octocat@github"),
                ("Sign in with The Forge", Person.Hubot, "hubot@forge"),
            }
        )
        {
            gitHub.Person = gitLab.Endpoints.Person = person;
            using var browser = BrowserSteps.At(server.Address, gitHub.Socket.Address, gitLab.Endpoints.Socket.Address);
            await browser.OpenAsync(client.AuthorizationUrl());
            Assert.Equal("/signin", browser.Location.AbsolutePath);
            Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
            await browser.SubmitAsync(button);
            Assert.Equal("/consent", browser.Location.AbsolutePath);
            await browser.SubmitAsync("Allow");
            Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
            await browser.OpenAsync("/");
            Assert.Contains(userName, browser.Text, StringComparison.Ordinal);
        }

        await client.SignInAsync("alice");
        Assert.Equal((1, 1), (gitHub.Authorizations.Count, gitLab.Endpoints.Authorizations.Count));
    }

    [Theory]
    [InlineData("/signin", "/")]
    [InlineData("/connections", "/connections")]
    [InlineData("/signin?then=https://evil.example", "/")]
    public async Task Signs_in_to_the_page_that_was_asked_for(string page, string arrival)
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        using var browser = upstream.Browser();
        await browser.OpenAsync(page);
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal(arrival, browser.Location.AbsolutePath);
        Assert.Contains("Signed in as octocat@github", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M8_a_sign_in_at_a_provider_that_does_not_say_since_when_opens_no_account_page()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        using var browser = upstream.Browser();
        await browser.OpenAsync("/account");
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal("/signin?then=account", browser.Location.PathAndQuery);
        Assert.Contains("does not say since when", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M8_a_session_that_a_provider_has_kept_opens_no_account_page_until_its_user_signs_in_there()
    {
        var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab", ("Accounts:Local", "true"));
        using var browser = upstream.Browser();
        gitLab.SignedInAgo = TimeSpan.FromHours(1);
        await browser.OpenAsync("/account");
        await browser.SubmitAsync("Sign in with GitLab");
        Assert.Equal("/signin?then=account", browser.Location.PathAndQuery);
        gitLab.SignedInAgo = TimeSpan.Zero;
        await browser.SubmitAsync("Sign in with GitLab");
        Assert.Equal("/account", browser.Location.AbsolutePath);
        var asked = gitLab.Endpoints.Authorizations.ToList();
        Assert.False(asked[0].ContainsKey("prompt"));
        Assert.Equal(("login", "0"), (asked[1]["prompt"], asked[1]["max_age"]));
    }

    [Fact]
    public async Task Comes_back_to_the_sign_in_when_the_user_denies_at_the_provider()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Denies = true;
        using var browser = upstream.Browser();
        await browser.OpenAsync("/connections");
        Assert.Null(browser.Page!.QuerySelector("[name=password]"));
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal("/signin?then=connections", browser.Location.PathAndQuery);
        upstream.Provider.Denies = false;
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal("/connections", browser.Location.AbsolutePath);
    }
}
