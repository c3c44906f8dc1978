using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Users who sign in at a provider on their way to a client, as they and the provider see it.</summary>
public sealed class UpstreamSignInTests
{
    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    [InlineData("oidc")]
    public async Task Signs_in_at_the_one_provider_and_the_tools_carry_its_token(string kind)
    {
        await using var upstream = await StartAsync(kind);
        var token = await upstream.SignInAsync();
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        Assert.Equal(Person.Octocat, upstream.Provider.OwnerOf(Assert.Single(upstream.Arrived)));

        await using var client = await Callers.ConnectAsync(upstream.Server, token);
        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.Equal($"octocat@{kind}", me.GetProperty("userName").GetString());

        // The same person again is the same account.
        var again = ForgedToken.Claims(await upstream.SignInAsync())["sub"]!;
        Assert.Equal((string?)ForgedToken.Claims(token)["sub"], (string?)again);
    }

    [Fact]
    public async Task Takes_a_Gitea_or_Forgejo_that_spells_its_issuer_with_a_slash_at_the_end()
    {
        var gitea = await OidcStandIn.StartAsync("gitea");
        gitea.Issuer += "/";
        await using var upstream = await UpstreamServer.StartAsync(gitea.Endpoints, "gitea");
        await upstream.SignInAsync();
    }

    [Fact]
    public async Task C_01_asks_about_each_client_before_anybody_is_sent_to_the_provider()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        await upstream.SignInAsync(); // who has said yes to this server there once is not asked there again

        using var other = await TestClient.RegisterAsync(upstream.Server, ("client_name", "Another client"));
        using var browser = upstream.Browser();
        await browser.OpenAsync(other.AuthorizationUrl());
        Assert.Equal("/consent", browser.Location.AbsolutePath);
        Assert.Contains("Another client", browser.Text, StringComparison.Ordinal);
        Assert.Contains("you sign in with GitHub next", browser.Text, StringComparison.Ordinal);
        Assert.Single(upstream.Provider.Authorizations);

        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Provider.Authorizations.Count);
    }

    [Fact]
    public async Task C_01_sends_nobody_to_the_provider_for_a_client_that_was_not_allowed()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.OpenAsync("/signin/upstream" + browser.Location.Query); // past the page
        Assert.Equal("/consent", browser.Location.AbsolutePath);
        await browser.SubmitAsync("Deny");
        AuthorizeAnswers.AssertErrorResponse(browser.Location.AbsoluteUri, upstream.Server, "access_denied");
        Assert.Empty(upstream.Provider.Authorizations);
    }

    [Fact]
    public async Task C_04_sends_no_other_browser_to_the_provider_than_the_one_that_allowed()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var request = browser.Location.Query;
        upstream.Provider.Break(GitHubStandIn.AuthorizePath, _ => Task.CompletedTask);
        await browser.SubmitAsync("Allow");
        Assert.Equal(1, upstream.Provider.Asked(GitHubStandIn.AuthorizePath));

        using var other = upstream.Browser();
        await other.OpenAsync(client.AuthorizationUrl()); // with cookies of its own
        await other.OpenAsync("/signin/upstream" + request);
        await other.Response.AssertPageAsync(403);
        Assert.Equal(1, upstream.Provider.Asked(GitHubStandIn.AuthorizePath));
    }

    [Fact]
    public async Task C_07_sets_the_cookie_for_the_way_to_the_provider_only_once_the_client_is_allowed()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        using var browser = upstream.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == upstream.Server.CookieName("upstream"));
        await browser.SubmitAsync("Allow");
        var cookie = Assert.Single(browser.Cookies, cookie => cookie.Name == upstream.Server.CookieName("upstream"));
        Assert.Equal((true, "/"), (cookie.HttpOnly, cookie.Path));
    }

    [Fact]
    public async Task C_09_remembers_what_was_allowed_for_the_signed_in_alone()
    {
        const string web = "https://app.example/callback";
        await using var upstream = await UpstreamServer.GitHubAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server, ("redirect_uris", new JsonArray(web)));
        using var browser = upstream.Browser();
        browser.FetchSite = "none";
        await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", web)));

        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", web)));
        Assert.StartsWith(web + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);

        using var elsewhere = upstream.Browser(); // the same person, whom nobody here knows yet
        elsewhere.FetchSite = "none";
        await elsewhere.OpenAsync(client.AuthorizationUrl(("redirect_uri", web)));
        Assert.Equal("/consent", elsewhere.Location.AbsolutePath);
    }

    [Theory]
    [InlineData("github", "read:user")]
    [InlineData("gitlab", "openid profile email")]
    public async Task C_29_sends_state_nonce_and_PKCE_fresh_each_time(string kind, string scope)
    {
        await using var upstream = await StartAsync(kind);
        await upstream.SignInAsync();
        await upstream.SignInAsync();
        foreach (var asked in upstream.Provider.Authorizations)
        {
            Assert.Equal(
                ("code", UpstreamStandIn.ClientId, scope, $"{upstream.Server.Issuer}/signin/callback", "S256"),
                (asked["response_type"], asked["client_id"], asked["scope"], asked["redirect_uri"], asked["code_challenge_method"])
            );
            foreach (var fresh in new[] { "state", "code_challenge" }.Concat(kind == "github" ? [] : ["nonce"]))
                Assert.Matches("^[A-Za-z0-9_-]{43}$", asked[fresh]);
            Assert.False(asked.ContainsKey("client_secret"));
        }

        Assert.All(new[] { "state", "code_challenge" }.Concat(kind == "github" ? [] : ["nonce"]), fresh =>
            Assert.Equal(2, upstream.Provider.Authorizations.Select(asked => asked[fresh]).Distinct().Count())
        );
        Assert.Equal(2, upstream.Provider.TokenRequests.Select(form => form["code_verifier"]).Distinct().Count());
    }

    [Fact]
    public async Task Tells_the_client_when_the_user_denies_at_the_provider()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        upstream.Provider.Denies = true;
        using var browser = await upstream.TryAsync();
        AuthorizeAnswers.AssertErrorResponse(browser.Location.AbsoluteUri, upstream.Server, "access_denied");
        Assert.Empty(upstream.Provider.TokenRequests);
    }

    [Fact]
    public async Task Asks_the_provider_to_sign_in_again_where_the_client_wants_that()
    {
        await using var upstream = await StartAsync("gitlab");
        await upstream.SignInAsync(null, ("prompt", "login"));
        var asked = Assert.Single(upstream.Provider.Authorizations);
        Assert.Equal(("login", "0"), (asked["prompt"], asked["max_age"]));
    }

    private static async Task<UpstreamServer> StartAsync(string kind) =>
        kind == "github"
            ? await UpstreamServer.GitHubAsync()
            : await UpstreamServer.StartAsync((await OidcStandIn.StartAsync(kind)).Endpoints, kind);
}
