using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The user's answer: given once, in the browser that began, to the request that is stored.</summary>
public sealed class ConsentTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("client_id", "cli_other")]
    [InlineData("redirect_uri", "https://evil.example/cb")]
    [InlineData("scope", "mcp.read mcp.write")]
    [InlineData("resource", "https://evil.example/mcp")]
    [InlineData("state", "other")]
    [InlineData("decision", "ALLOW")]
    [InlineData("decision", "")]
    public async Task C_03_refuses_a_form_that_brings_more_than_the_answer(string field, string value)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync("/consent", browser.Form(("decision", "allow"), (field, value)), browser.Cookies)
        );
    }

    [Theory]
    [InlineData("decision", "deny")]
    [InlineData("request", "another")]
    public async Task C_03_refuses_a_form_that_says_two_things(string field, string value)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync("/consent", [.. browser.Form(("decision", "allow")), new(field, value)], browser.Cookies)
        );
    }

    [Fact]
    public async Task C_03_refuses_a_ticked_scope_that_was_not_asked_for()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client, "alice", ("scope", "mcp.read"));
        await server.AssertUnansweredAsync(
            browser,
            await server.PostFormAsync("/consent", browser.Form(("decision", "allow"), ("scope", "mcp.write")), browser.Cookies)
        );
    }

    [Fact]
    public async Task C_03_answers_the_stored_request_whatever_the_address_says()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client, "alice", ("scope", "mcp.read"));
        var address =
            "/consent?client_id=cli_other&redirect_uri=https%3A%2F%2Fevil.example%2F&scope=mcp.write&state=other&request=other&decision=deny";
        using var response = await server.PostFormAsync(address, browser.Form(("decision", "allow")), browser.Cookies);
        var location = response.Headers.Location!;
        Assert.StartsWith(TestClient.RedirectUri + "?code=", location.OriginalString, StringComparison.Ordinal);
        var answer = QueryHelpers.ParseQuery(location.Query);
        Assert.Equal("the-state", answer["state"]);
        using var exchange = await client.ExchangeAsync(answer["code"]!);
        Assert.Equal("mcp.read", (string?)(await exchange.JsonAsync())["scope"]);
    }

    [Fact]
    public async Task C_04_shows_a_request_to_no_other_browser()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var before = await server.RowsAsync();
        var request = browser.Form()["request"];

        using var thief = server.Browser();
        foreach (var page in new[] { "signin", "consent" })
            await (await thief.OpenAsync($"/{page}?request={request}")).Response.AssertPageAsync(403);
        await thief.OpenAsync("/signin");
        await thief.SignInAsync("bob");
        foreach (var page in new[] { "signin", "consent" })
            await (await thief.OpenAsync($"/{page}?request={request}")).Response.AssertPageAsync(403);

        using var thiefs = await server.AskAsync(client, "bob");
        foreach (var decision in new[] { "allow", "deny" })
        {
            using var response = await server.PostFormAsync(
                "/consent",
                thiefs.Form(("request", request), ("decision", decision)),
                thiefs.Cookies
            );
            await response.AssertPageAsync(403);
        }

        Assert.Equal(before, await server.RowsAsync());
        await server.AssertAnswerableAsync(browser);
    }

    [Fact]
    public async Task C_14_sends_the_browser_to_the_client_with_303()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        using var response = await server.PostFormAsync("/consent", browser.Form(("decision", "allow")), browser.Cookies);
        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        response.AssertLeaksNothing();
    }

    [Fact]
    public async Task C_20_tells_the_client_that_its_user_denied()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var before = await server.RowsAsync();
        await browser.SubmitAsync("Deny");
        browser.Response.AssertErrorRedirect(server, "access_denied");
        Assert.Equal(before, await server.RowsAsync());
    }

    [Fact]
    public async Task C_22_lets_two_open_pages_of_a_user_both_be_answered()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var other = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray("https://other.example/cb")));
        using var browser = await server.AskAsync(client);
        var first = browser.Form(("decision", "allow"));
        await browser.OpenAsync(other.AuthorizationUrl(("redirect_uri", "https://other.example/cb")));
        var second = browser.Form(("decision", "allow"));

        using var firstAnswer = await server.PostFormAsync("/consent", first, browser.Cookies);
        using var secondAnswer = await server.PostFormAsync("/consent", second, browser.Cookies);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", firstAnswer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("https://other.example/cb?code=", secondAnswer.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }
}
