using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>
/// What a person sees before answering: who asks, where the answer goes, and what a client's own words cannot do to that.
/// </summary>
public sealed class ConsentPageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("Claude", "Claude")]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>", "\"><img src=x onerror=alert(1)>")]
    [InlineData("</bdi></h1><h1>Your bank", "</bdi></h1><h1>Your bank")]
    [InlineData("gnp.\u202Etxe", "gnp.txe")]
    [InlineData("\u2067Cla\u200Bu\u200Dde\uFEFF\u2069", "Claude")]
    [InlineData("Cla\r\nude\u0000\u001B[31m\u2028", "Claude[31m")]
    [InlineData("\u200B \u2060", "An application without a name")]
    [InlineData("Приложение 应用 👩‍🚀", "Приложение 应用 👩🚀")]
    public async Task C_10_shows_a_name_as_plain_text(string name, string shown)
    {
        using var browser = await AskAsync(("client_name", name));
        var page = await browser.Response.AssertPageAsync(200);
        Assert.Equal(shown, page.QuerySelector("h1 bdi")!.TextContent);
        Assert.Equal(shown, page.QuerySelector("dd bdi")!.TextContent);
        Assert.Empty(page.QuerySelectorAll("img, script, [onerror]"));
        Assert.Single(page.QuerySelectorAll("h1"));
        Assert.Contains("not verified", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", 10_000)]
    [InlineData("漢", 2_000)]
    [InlineData("e\u0301", 1_500)]
    [InlineData("\u0301", 2_500)]
    public async Task C_10_cuts_a_long_name(string unit, int count)
    {
        using var browser = await AskAsync(("client_name", "Z" + string.Concat(Enumerable.Repeat(unit, count))));
        Assert.InRange(browser.Page!.QuerySelector("h1 bdi")!.TextContent.Length, 10, 300);
    }

    [Fact]
    public async Task C_10_names_client_account_host_and_scopes()
    {
        using var client = await TestClient.RegisterAsync(
            server,
            ("redirect_uris", new JsonArray("https://claude.ai.evil.example:8443/cb")),
            ("client_name", "Claude")
        );
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", "https://claude.ai.evil.example:8443/cb"), ("scope", "mcp.read")));
        await browser.SignInAsync();
        Assert.Equal("claude.ai.evil.example:8443", browser.Page!.QuerySelector(".host")!.TextContent);
        Assert.Contains("alice", browser.Page.QuerySelector(".account")!.TextContent, StringComparison.Ordinal);
        Assert.Equal([client.Id, "mcp.read"], browser.Page.QuerySelectorAll("dd code").Select(code => code.TextContent));
        Assert.Contains("claude.ai.evil.example", browser.Page.QuerySelector(".warning")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_10_says_that_a_loopback_client_is_a_program_on_this_computer()
    {
        using var browser = await AskAsync();
        Assert.Contains("a program on this computer", browser.Text, StringComparison.Ordinal);
        Assert.Contains("only if you started it yourself", browser.Page!.QuerySelector(".warning")!.TextContent, StringComparison.Ordinal);
    }

    // The operator vouches for the client, and for no other program that listens in its place.
    [Fact]
    public async Task C_10_warns_of_loopback_even_where_the_operator_knows_the_client()
    {
        await using var own = await TestServer.StartAsync(
            ("OAuth:Clients:0:ClientId", "desktop"),
            ("OAuth:Clients:0:RedirectUris:0", TestClient.RedirectUri)
        );
        using var client = new TestClient(own, "desktop", null, "none");
        using var browser = await own.AskAsync(client);
        Assert.Contains("registered by the operator", browser.Text, StringComparison.Ordinal);
        Assert.Contains("only if you started it yourself", browser.Page!.QuerySelector(".warning")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C_10_asks_again_for_a_client_that_was_allowed_before()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl());
        await browser.OpenAsync(client.AuthorizationUrl());
        Assert.Equal("/consent", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task C_12_links_to_nothing_that_a_client_chose()
    {
        using var browser = await AskAsync(
            ("client_uri", "https://app.example/home"),
            ("logo_uri", "https://app.example/logo.svg"),
            ("tos_uri", "https://app.example/tos"),
            ("policy_uri", "https://app.example/policy")
        );
        var page = await browser.Response.AssertPageAsync(200);
        Assert.DoesNotContain("app.example", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("a, img"));
    }

    [Fact]
    public async Task C_13_refuses_to_be_framed_on_every_page()
    {
        using var browser = await AskAsync();
        await browser.Response.AssertPageAsync(200);
        foreach (
            var (path, status) in new[]
            {
                ("/", 200),
                ("/signin", 200),
                ("/signout", 200),
                ("/consent", 400),
                ("/authorize", 400),
                ("/nowhere", 404),
            }
        )
            await (await browser.OpenAsync(path)).Response.AssertPageAsync(status);
    }

    [Fact]
    public async Task Expires_ten_minutes_after_the_request_began()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        using var browser = own.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        own.Clock.Advance(TimeSpan.FromMinutes(10));
        var before = await own.RowsAsync();
        await browser.SubmitAsync("Allow");
        await browser.Response.AssertPageAsync();
        Assert.Equal(before, await own.RowsAsync());
    }

    [Fact]
    public async Task Lets_another_user_take_over_the_request()
    {
        using var browser = await AskAsync();
        await browser.SubmitAsync("Not you? Use another account");
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        await browser.SignInAsync("bob");
        Assert.Contains("bob", browser.Page!.QuerySelector(".account")!.TextContent, StringComparison.Ordinal);
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
    }

    private async Task<TestBrowser> AskAsync(params (string Member, JsonNode? Value)[] members)
    {
        using var client = await TestClient.RegisterAsync(server, members);
        var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        return await browser.SignInAsync();
    }
}
