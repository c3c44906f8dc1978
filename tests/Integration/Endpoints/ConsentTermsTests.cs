using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What a person is told of the terms: whose page this is, what the tools call, for how long, and what is new in it.</summary>
public sealed class ConsentTermsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task Names_the_server_and_its_host_where_a_password_or_an_answer_is_asked_for()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        Assert.Equal($"OAuthMcp {server.Address.Authority}", browser.Page!.QuerySelector(".site")!.TextContent);
        await browser.SignInAsync();
        Assert.Equal("/consent", browser.Location.AbsolutePath);
        Assert.Equal($"OAuthMcp {server.Address.Authority}", browser.Page!.QuerySelector(".site")!.TextContent);
    }

    [Fact]
    public async Task Names_what_the_tools_call_and_for_how_long_and_where_it_is_taken_back()
    {
        await using var own = await TestServer.StartAsync(
            ("Downstream:BaseAddress", "https://api.example.com/v1"),
            ("OAuth:GrantLifetime", "20.00:00:00"),
            ("OAuth:RefreshTokenLifetime", "10.00:00:00")
        );
        using var client = await TestClient.RegisterAsync(own);
        using var browser = await own.AskAsync(client);
        var end = (own.Clock.GetUtcNow() + TimeSpan.FromDays(20)).ToString(
            "d MMMM yyyy",
            System.Globalization.CultureInfo.InvariantCulture
        );
        Assert.Equal("api.example.com", Answer(browser, "The tools call"));
        Assert.Equal(
            $"until {end} at the latest. You can end it before, under {own.Address.Authority}/connections.",
            Answer(browser, "It lasts")
        );
    }

    [Fact]
    public async Task Marks_what_was_not_allowed_before()
    {
        const string home = "https://app.example/cb";
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new System.Text.Json.Nodes.JsonArray(home)));
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", home), ("scope", "mcp.read")));
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", home), ("scope", "mcp.read mcp.write")));
        Assert.Equal(
            [("mcp.read", false), ("mcp.write", true)],
            browser
                .Page!.QuerySelectorAll(".scopes li")
                .Select(scope =>
                    (scope.QuerySelector("code")!.TextContent, scope.QuerySelectorAll(".tag").Any(tag => tag.TextContent == "new"))
                )
        );
    }

    private static string Answer(TestBrowser browser, string question) =>
        browser.Page!.QuerySelectorAll("dt").Single(term => term.TextContent == question).NextElementSibling!.TextContent;
}
