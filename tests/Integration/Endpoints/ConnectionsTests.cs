using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The applications that a user has let in, and what Disconnect does to them.</summary>
public sealed class ConnectionsTests
{
    private const string Callback = "https://client.example/callback";

    [Fact]
    public async Task Asks_who_it_is_and_comes_back()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        Assert.Equal("/connections", browser.Location.AbsolutePath);
        Assert.Contains("No application is connected", browser.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/connections")]
    [InlineData("https://evil.example/")]
    [InlineData("Connections")]
    [InlineData("connections/../..//evil.example")]
    public async Task C_15_comes_back_to_pages_it_knows_by_name_alone(string then)
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync($"/signin?then={Uri.EscapeDataString(then)}");
        Assert.DoesNotContain("evil", browser.Page!.DocumentElement.OuterHtml, StringComparison.Ordinal);
        using var signedIn = await server.PostFormAsync(
            "/signin",
            browser.Form(("username", "alice"), ("password", TestServer.Password), ("then", then)),
            browser.Cookies
        );
        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Says_who_was_let_in_since_when_to_do_what()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("client_name", "<b>Claude</b>\u202E"));
        var (_, refresh) = await client.SignInAsync();
        var connectedAt = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromDays(2));
        using (await client.RefreshAsync(refresh)) { }

        using var browser = await OpenAsync(server);
        var card = Assert.Single(browser.Page!.QuerySelectorAll("section"));
        Assert.Equal("<b>Claude</b>", card.QuerySelector("h2 bdi")!.TextContent);
        Assert.Contains("not verified", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:7777", card.TextContent, StringComparison.Ordinal);
        Assert.Equal([client.Id, "mcp.read", "mcp.write"], card.QuerySelectorAll("dd code").Select(code => code.TextContent));
        Assert.Equal(
            [connectedAt.ToString("yyyy-MM-ddTHH:mm:ssZ", null), server.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", null)],
            card.QuerySelectorAll("time").Select(time => time.GetAttribute("datetime"))
        );
    }

    [Fact]
    public async Task Shows_an_application_once_however_often_it_signed_in_and_only_to_its_user()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        await client.SignInAsync("alice", ("scope", "mcp.read"));
        await client.SignInAsync("alice", ("scope", "mcp.write"));
        using var browser = await OpenAsync(server);
        Assert.Single(browser.Page!.QuerySelectorAll("section"));
        Assert.Contains("mcp.write", browser.Text, StringComparison.Ordinal);
        using var other = await OpenAsync(server, "bob");
        Assert.Empty(other.Page!.QuerySelectorAll("section"));
    }

    [Fact]
    public async Task R_11_disconnecting_refuses_every_token_of_the_application_and_of_no_other()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var other = await TestClient.RegisterAsync(server);
        var (first, second, kept, others) = (
            await client.SignInAsync(),
            await client.SignInAsync(),
            await other.SignInAsync(),
            await client.SignInAsync("bob")
        );
        var code = await client.CodeAsync();

        using var browser = await OpenAsync(server);
        await browser.OpenAsync($"/connections/disconnect?client={client.Id}");
        Assert.Contains(client.Id, browser.Text, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(client, first.Access)); // the question alone ends nothing
        await browser.SubmitAsync("Disconnect");
        Assert.Equal("/connections?notice=disconnected", browser.Location.PathAndQuery);
        Assert.Contains("The application is disconnected.", browser.Text, StringComparison.Ordinal);
        Assert.Equal([other.Id], browser.Page!.QuerySelectorAll("section dd code").Take(1).Select(found => found.TextContent));

        foreach (var dead in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(client, dead.Access));
            using var refreshed = await client.RefreshAsync(dead.Refresh);
            await refreshed.AssertErrorAsync(400, "invalid_grant");
        }

        using var exchanged = await client.ExchangeAsync(code);
        await exchanged.AssertErrorAsync(400, "invalid_grant");
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(other, kept.Access));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(client, others.Access));
    }

    [Fact]
    public async Task Disconnecting_forgets_what_was_allowed()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(Callback)));
        var url = client.AuthorizationUrl(("redirect_uri", Callback));
        using var browser = server.Browser();
        browser.FetchSite = "none";
        await browser.AllowAsync(url);
        await browser.OpenAsync(url);
        Assert.Null(browser.Page);

        await browser.OpenAsync("/connections");
        await browser.FollowAsync("Disconnect");
        await browser.SubmitAsync("Disconnect");
        await browser.OpenAsync(url);
        Assert.Equal("/consent", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task Shows_what_is_remembered_of_an_application_that_gave_its_tokens_back()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(Callback)));
        using var browser = server.Browser();
        var callback = await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", Callback)));
        using var exchanged = await client.ExchangeAsync(QueryHelpers.ParseQuery(callback.Query)["code"]!, ("redirect_uri", Callback));
        using (await client.RevokeAsync((string)(await exchanged.JsonAsync())["refresh_token"]!)) { }

        await browser.OpenAsync("/connections");
        Assert.Contains(client.Id, browser.Text, StringComparison.Ordinal);
        await browser.FollowAsync("Disconnect");
        await browser.SubmitAsync("Disconnect");
        Assert.DoesNotContain(client.Id, browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task H_03_disconnects_nothing_without_its_anti_forgery_token_or_its_user()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        using var browser = await OpenAsync(server);
        using var forged = await server.PostFormAsync("/connections/disconnect", [new("client", client.Id)], browser.Cookies);
        await forged.AssertPageAsync();
        using var bobs = await OpenAsync(server, "bob");
        using var foreign = await server.PostFormAsync("/connections/disconnect", bobs.Form(("client", client.Id)), bobs.Cookies);
        Assert.Equal("/connections?notice=disconnected", foreign.Headers.Location?.OriginalString);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await CallAsync(client, access));
    }

    [Fact]
    public async Task Asks_about_nothing_that_is_not_connected()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = await OpenAsync(server);
        await browser.OpenAsync("/connections/disconnect?client=cli_none");
        Assert.Equal("/connections", browser.Location.PathAndQuery);
    }

    private static async Task<TestBrowser> OpenAsync(TestServer server, string user = "alice")
    {
        var browser = server.Browser();
        await browser.OpenAsync("/connections");
        Assert.Equal("/signin?then=connections", browser.Location.PathAndQuery);
        return await browser.SignInAsync(user);
    }

    /// <summary>Whether the token gets past the door of the resource server.</summary>
    private static async Task<HttpStatusCode> CallAsync(TestClient client, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp") { Headers = { Authorization = new("Bearer", token) } };
        using var response = await client.Http.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        return response.StatusCode;
    }
}
