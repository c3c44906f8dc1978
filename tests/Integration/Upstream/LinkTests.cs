using Microsoft.EntityFrameworkCore;
using OAuthMcp.Api.Pages;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>A provider's account beside a local one: linked, somebody else's, or disabled.</summary>
public sealed class LinkTests
{
    [Fact]
    public async Task Links_the_providers_account_to_who_is_signed_in_and_the_tools_use_it()
    {
        await using var upstream = await LocalAsync();
        using var client = await TestClient.RegisterAsync(upstream.Server);
        var (token, _) = await client.SignInAsync("alice");
        Assert.True((await upstream.CallAsync(token)).IsError);

        using var browser = await LinkAsync(upstream, "alice");
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        Assert.Equal(Person.Octocat, upstream.Provider.OwnerOf(Assert.Single(upstream.Arrived)));
        // alice and bob
        Assert.Equal(2, await upstream.Server.InDatabaseAsync(db => db.Users.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Signs_in_at_the_provider_to_the_account_that_was_linked()
    {
        await using var upstream = await LocalAsync();
        (await LinkAsync(upstream, "alice")).Dispose();
        using var browser = upstream.Browser();
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Contains("Signed in as alice", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_nothing_for_who_is_not_signed_in_or_does_not_mean_to()
    {
        await using var upstream = await LocalAsync();
        using var browser = upstream.Browser();
        await browser.OpenAsync("/signin");
        await browser.PostAsync("/signin/upstream", ("provider", "github"), ("link", "true"));
        Assert.Equal("/signin", browser.Location.AbsolutePath);

        await browser.SignInAsync();
        using var forged = await upstream.Server.PostFormAsync(
            "/signin/upstream",
            [new("provider", "github"), new("link", "true")],
            browser.Cookies
        );
        Assert.Equal(400, (int)forged.StatusCode);
        Assert.Empty(upstream.Provider.Authorizations);
    }

    [Fact]
    public async Task M8_links_and_unlinks_only_for_who_has_just_signed_in()
    {
        await using var upstream = await LocalAsync();
        using var browser = await LinkAsync(upstream, "alice");
        upstream.Server.Clock.Advance(TimeSpan.FromMinutes(15));
        await browser.PostAsync("/signin/upstream", ("provider", "github"), ("link", "true"));
        Assert.Equal("/signin?then=connections", browser.Location.PathAndQuery);
        await browser.OpenAsync("/connections");
        await browser.SubmitAsync("Unlink");
        Assert.Equal("/signin?then=connections", browser.Location.PathAndQuery);
        Assert.Equal((1, 1), (upstream.Provider.Authorizations.Count, await LoginsAsync(upstream)));

        await browser.SignInAsync();
        await browser.SubmitAsync("Unlink");
        Assert.Equal(0, await LoginsAsync(upstream));
    }

    [Fact]
    public async Task Links_nobody_whom_the_entry_rules_keep_out()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"), ("Upstream:AllowedUsers:0", "hubot"));
        using var browser = await LinkAsync(upstream, "alice");
        await browser.Response.AssertPageAsync(403);
        Assert.Equal(0, await LoginsAsync(upstream));
    }

    [Fact]
    public async Task A_second_factor_that_an_account_has_here_is_asked_for_after_a_sign_in_at_the_provider_too()
    {
        await using var upstream = await LocalAsync();
        (await LinkAsync(upstream, "alice")).Dispose();
        await upstream.Server.TurnSecondFactorOnAsync("alice");
        using var browser = upstream.Browser();
        await browser.OpenAsync("/signin");
        await browser.SubmitAsync("Sign in with GitHub");
        Assert.Equal("/signin/code", browser.Location.AbsolutePath);
        await browser.OpenAsync("/connections");
        Assert.Equal("/signin", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task C_06_links_nothing_when_somebody_else_is_signed_in_at_the_end()
    {
        await using var upstream = await LocalAsync();
        using var browser = upstream.Server.Browser(); // which does not go on by itself
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.PostAsync("/signin/upstream", ("provider", "github"), ("link", "true"));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await http.GetAsync(browser.Location, TestContext.Current.CancellationToken);

        await browser.OpenAsync("/signin");
        await browser.SignInAsync("bob");
        await browser.OpenAsync(back.Headers.Location!.AbsoluteUri);
        await browser.Response.AssertPageAsync(403);
        Assert.Empty(upstream.Provider.TokenRequests);
        Assert.Equal(0, await LoginsAsync(upstream));
    }

    [Fact]
    public async Task Refuses_to_link_what_belongs_to_another_user_here()
    {
        await using var upstream = await LocalAsync();
        (await LinkAsync(upstream, "alice")).Dispose();
        var before = await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.SingleAsync(TestContext.Current.CancellationToken));
        using var browser = await LinkAsync(upstream, "bob");
        await browser.Response.AssertPageAsync(403);
        Assert.Contains("belongs to another user", browser.Text, StringComparison.Ordinal);
        var after = await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            (before.Subject, before.Generation, before.SealedAccessToken),
            (after.Subject, after.Generation, after.SealedAccessToken)
        );
    }

    [Fact]
    public async Task Replaces_the_one_account_of_a_provider_by_another_one_of_it()
    {
        await using var upstream = await LocalAsync();
        (await LinkAsync(upstream, "alice")).Dispose();
        upstream.Provider.Person = Person.Hubot;
        (await LinkAsync(upstream, "alice")).Dispose();
        Assert.Equal(
            "480938",
            await upstream.Server.InDatabaseAsync(db =>
                db.UserLogins.Select(login => login.ProviderKey).SingleAsync(TestContext.Current.CancellationToken)
            )
        );

        upstream.Provider.Person = Person.Octocat; // who is nobody's now, and may be bob's
        using var browser = await LinkAsync(upstream, "bob");
        Assert.Equal("/connections", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_disabled_account_cannot_sign_in_at_the_provider_either()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        var token = await upstream.SignInAsync();
        await upstream.Server.DisableUserAsync("octocat@github");
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(403);
        Assert.Contains("disabled", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies, cookie => cookie.Name == upstream.Server.CookieName("session"));
        Assert.False(await upstream.Server.AcceptsAsync(token));
    }

    [Fact]
    public async Task A_password_for_the_name_of_an_account_from_elsewhere_is_a_wrong_one()
    {
        await using var upstream = await LocalAsync();
        using (var browser = upstream.Browser())
        {
            await browser.OpenAsync("/signin");
            await browser.SubmitAsync("Sign in with GitHub");
        }

        foreach (var name in new[] { "octocat@github", "nobody@github" })
        {
            var answers = new List<(int, string)>();
            for (var tries = 0; tries < 11; tries++)
            {
                using var browser = upstream.Browser();
                await browser.OpenAsync("/signin");
                await browser.SignInAsync(name, "guess");
                answers.Add(((int)browser.Response.StatusCode, browser.Page!.QuerySelector(".failure")!.TextContent));
            }

            Assert.Equal(
                Enumerable
                    .Repeat((400, "Wrong user name or password."), 10)
                    .Append((429, "Too many attempts. Wait a few minutes, then try again.")),
                answers
            );
        }
    }

    private static Task<UpstreamServer> LocalAsync() => UpstreamServer.GitHubAsync(("Accounts:Local", "true"));

    internal static async Task<TestBrowser> LinkAsync(UpstreamServer upstream, string user, string provider = "github")
    {
        var browser = upstream.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync(user);
        await browser.OpenAsync("/");
        return await browser.PostAsync("/signin/upstream", ("provider", provider), ("link", "true"));
    }

    internal static Task<int> LoginsAsync(UpstreamServer upstream) =>
        upstream.Server.InDatabaseAsync(db => db.UserLogins.CountAsync(TestContext.Current.CancellationToken));
}
