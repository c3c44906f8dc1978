using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>
/// What a user allowed once is not asked again; unless a request from elsewhere, or by somebody else, could make use of that.
/// </summary>
public sealed class RepeatedConsentTests
{
    private const string Callback = "https://client.example/callback";

    [Theory]
    [InlineData("none")]
    [InlineData("same-origin")]
    public async Task Answers_a_request_for_what_was_allowed_before_without_asking(string fetchSite)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using var browser = await AllowedAsync(server, client);
        browser.FetchSite = fetchSite;
        var callback = (await browser.OpenAsync(Url(client))).Location;
        Assert.Null(browser.Page);
        using var exchanged = await client.ExchangeAsync(QueryHelpers.ParseQuery(callback.Query)["code"]!, ("redirect_uri", Callback));
        Assert.Equal("mcp.read mcp.write", (string?)(await exchanged.JsonAsync())["scope"]);
    }

    [Fact]
    public async Task Answers_prompt_none_by_what_was_allowed_before()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using var browser = await AllowedAsync(server, client);
        browser.FetchSite = "none";
        Assert.StartsWith(
            $"{Callback}?code=",
            (await browser.OpenAsync(Url(client, ("prompt", "none")))).Location.AbsoluteUri,
            StringComparison.Ordinal
        );
        browser.FetchSite = "cross-site";
        var page = await (await browser.OpenAsync(Url(client, ("prompt", "none")))).Response.AssertPageAsync();
        Assert.StartsWith(
            $"{Callback}?error=consent_required",
            page.QuerySelector("main a")!.GetAttribute("href"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Answers_once_the_user_has_signed_in()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using (await AllowedAsync(server, client)) { }

        using var browser = server.Browser();
        browser.FetchSite = "none";
        await browser.OpenAsync(Url(client));
        await browser.SignInAsync();
        Assert.StartsWith($"{Callback}?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        using var other = server.Browser();
        other.FetchSite = "none";
        await other.OpenAsync(Url(client));
        await other.SignInAsync("bob");
        Assert.Equal("/consent", other.Location.AbsolutePath);
    }

    [Theory]
    [InlineData("cross-site", null)]
    [InlineData("same-site", null)]
    [InlineData(null, null)]
    [InlineData("none", "consent")]
    public async Task C_09_asks_again_when_the_user_may_not_know_of_it(string? fetchSite, string? prompt)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using var browser = await AllowedAsync(server, client);
        browser.FetchSite = fetchSite;
        await browser.OpenAsync(Url(client, ("prompt", prompt)));
        AssertAsks(browser);
        browser.FetchSite = "none"; // and goes on asking about this request, wherever the page is opened from
        await browser.OpenAsync(browser.Location.PathAndQuery);
        AssertAsks(browser);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7777/callback")]
    [InlineData("http://localhost:7777/callback")]
    [InlineData("cursor://anysphere.cursor-retrieval/callback")]
    public async Task C_09_asks_again_where_any_program_can_take_the_code(string redirectUri)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(redirectUri)));
        using var browser = server.Browser();
        browser.FetchSite = "none";
        await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        AssertAsks(browser);
    }

    [Fact]
    public async Task Asks_again_for_more_than_was_ticked()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using var browser = server.Browser();
        browser.FetchSite = "none";
        await browser.OpenAsync(Url(client));
        await browser.SignInAsync();
        browser.Untick("mcp.write");
        await browser.SubmitAsync("Allow");
        using var exchanged = await client.ExchangeAsync(
            QueryHelpers.ParseQuery(browser.Location.Query)["code"]!,
            ("redirect_uri", Callback)
        );
        Assert.Equal("mcp.read", (string?)(await exchanged.JsonAsync())["scope"]);

        await browser.OpenAsync(Url(client, ("scope", "mcp.read")));
        Assert.Null(browser.Page);
        await browser.OpenAsync(Url(client));
        AssertAsks(browser);
    }

    [Fact]
    public async Task Asks_again_when_the_client_describes_itself_otherwise()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RegisterAsync(server);
        using var browser = await AllowedAsync(server, client);
        Assert.Equal(
            1,
            await server.InDatabaseAsync(db =>
                db.Clients.Where(known => known.Id == client.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(known => known.Name, "Your bank"), TestContext.Current.CancellationToken)
            )
        );
        browser.FetchSite = "none";
        await browser.OpenAsync(Url(client));
        AssertAsks(browser);
    }

    [Fact]
    public async Task Asks_again_when_the_grant_would_have_ended()
    {
        await using var server = await TestServer.StartAsync(("OAuth:GrantLifetime", "01:00:00"));
        using var client = await RegisterAsync(server);
        using var browser = await AllowedAsync(server, client);
        browser.FetchSite = "none";
        server.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Null((await browser.OpenAsync(Url(client))).Page);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.OpenAsync(Url(client));
        AssertAsks(browser);
    }

    [Fact]
    public async Task C_11_shows_no_logo_that_a_client_names()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(
            server,
            ("logo_uri", "https://client.example/logo.svg"),
            ("client_uri", "https://client.example/home")
        );
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        Assert.Contains("Test client", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("client.example/", browser.Page!.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty(browser.Page.Images);
    }

    [Fact]
    public async Task Q_06_holds_a_bounded_number_of_open_requests_and_forgets_them_after_ten_minutes()
    {
        await using var server = await TestServer.StartAsync(("Limits:OpenAuthorizations", "3"));
        using var client = await TestClient.RegisterAsync(server);
        for (var i = 0; i < 3; i++)
            Assert.Equal(
                HttpStatusCode.SeeOther,
                (await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken)).StatusCode
            );
        Task<int> CountAsync() => server.InDatabaseAsync(db => db.AuthorizationRequests.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(3, await CountAsync());
        await client.SignInAsync(); // the oldest went out for it
        Assert.Equal(3, await CountAsync());

        server.Clock.Advance(TimeSpan.FromMinutes(11));
        while (await CountAsync() > 0)
            server.Clock.Advance(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("Limits:OpenAuthorizationsPerPeer")]
    [InlineData("Limits:OpenAuthorizationsPerOrigin")]
    public async Task M3_a_flood_takes_out_its_own_oldest(string limit)
    {
        await using var server = await TestServer.StartAsync((limit, "3"));
        using var client = await TestClient.RegisterAsync(server);
        for (var i = 0; i < 10; i++)
            Assert.Equal(
                HttpStatusCode.SeeOther,
                (await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken)).StatusCode
            );
        Assert.Equal(3, await server.InDatabaseAsync(db => db.AuthorizationRequests.CountAsync(TestContext.Current.CancellationToken)));
        await client.SignInAsync();
    }

    private static Task<TestClient> RegisterAsync(TestServer server) =>
        TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(Callback)));

    private static string Url(TestClient client, params (string Name, string? Value)[] parameters) =>
        client.AuthorizationUrl([("redirect_uri", Callback), .. parameters]);

    /// <summary>A browser in which alice has allowed the client all that it asks for.</summary>
    private static async Task<TestBrowser> AllowedAsync(TestServer server, TestClient client)
    {
        var browser = server.Browser();
        await browser.AllowAsync(Url(client));
        return browser;
    }

    private static void AssertAsks(TestBrowser browser)
    {
        Assert.NotNull(browser.Page);
        Assert.Contains("Allow", browser.Page.QuerySelectorAll("button").Select(button => button.TextContent.Trim()));
    }
}
