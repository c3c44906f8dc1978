using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>How /authorize answers: who is redirected when, with what, and what of it could leak.</summary>
public sealed class AuthorizeResponseTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string WebRedirectUri = "https://app.example/cb";

    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(TestClient.RedirectUri)]
    [InlineData("https://app.example/cb?tenant=7")]
    [InlineData("com.example.app:/cb")]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback")]
    public async Task A_17_answers_with_a_code_and_exactly_one_issuer(string redirectUri)
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(redirectUri)));
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        var isPage = !redirectUri.StartsWith("http", StringComparison.Ordinal); // which opens the application
        Assert.Equal(isPage ? HttpStatusCode.OK : HttpStatusCode.SeeOther, browser.Response.StatusCode);
        browser.Response.AssertLeaksNothing();

        var location = isPage ? browser.Location.OriginalString : browser.Response.Headers.GetValues("Location").Single();
        Assert.StartsWith(redirectUri + (redirectUri.Contains('?') ? "&" : "?"), location, StringComparison.Ordinal);
        var answer = QueryHelpers.ParseQuery(location[location.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.Matches("^[A-Za-z0-9_-]{43,}$", Assert.Single(answer["code"])!);
        Assert.Equal(new StringValues("the-state"), answer["state"]);
        Assert.Equal(new StringValues(server.Issuer), answer["iss"]);
        Assert.False(answer.ContainsKey("error"));
    }

    [Fact]
    public async Task A_17_names_the_public_issuer_behind_a_proxy()
    {
        await using var proxied = await TestServer.StartAsync(TestServer.BehindProxy);
        using var client = await TestClient.RegisterAsync(proxied);
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("response_type", "token")),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(new StringValues("https://mcp.example"), QueryHelpers.ParseQuery(response.Headers.Location!.Query)["iss"]);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_18_is_for_GET(string method)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var request = new HttpRequestMessage(new HttpMethod(method), client.AuthorizationUrl());
        using var response = await client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
        Assert.Null(response.Headers.Location);
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("scope", "\"", "invalid_scope")]
    [InlineData("resource", "https://evil.example/", "invalid_target")]
    [InlineData("prompt", "none", "login_required")]
    public async Task A_19_shows_a_strangers_error_instead_of_redirecting(string name, string? value, string error)
    {
        using var client = await RegisterWebClientAsync();
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", WebRedirectUri), (name, value)),
            TestContext.Current.CancellationToken
        );
        var page = await response.AssertPageAsync();
        Assert.Equal("app.example", page.QuerySelector(".host")!.TextContent);
        Assert.Null(page.QuerySelector("meta[http-equiv]"));
        AuthorizeAnswers.AssertErrorResponse(
            Assert.Single(page.QuerySelectorAll("a")).GetAttribute("href")!,
            server,
            error,
            redirectUri: WebRedirectUri
        );
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("prompt", "none", "consent_required")]
    public async Task A_19_redirects_an_error_once_the_user_has_signed_in(string name, string value, string error)
    {
        using var client = await RegisterWebClientAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        browser.FetchSite = "none";
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", WebRedirectUri), (name, value)));
        browser.Response.AssertErrorRedirect(server, error, redirectUri: WebRedirectUri);
    }

    [Theory]
    [InlineData("response_type", "token")]
    [InlineData("prompt", "none")]
    public async Task L2_no_link_on_somebodys_page_leads_a_signed_in_user_to_somebodys_host(string name, string value)
    {
        using var client = await RegisterWebClientAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        foreach (var fetchSite in new[] { "cross-site", "same-site", null })
        {
            browser.FetchSite = fetchSite;
            await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", WebRedirectUri), (name, value)));
            var page = await browser.Response.AssertPageAsync();
            Assert.Equal("app.example", page.QuerySelector(".host")!.TextContent);
        }
    }

    [Theory]
    [InlineData("request", "e30.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://app.example/request", "request_uri_not_supported")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    public async Task K_38_says_which_way_to_ask_or_answer_is_not_served(string name, string value, string error)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.Http.GetAsync(client.AuthorizationUrl((name, value)), TestContext.Current.CancellationToken);
        response.AssertErrorRedirect(server, error);
    }

    [Fact]
    public async Task Says_what_was_decided_and_opens_an_application_that_has_an_address_of_its_own()
    {
        const string address = "cursor://anysphere.cursor-mcp/oauth/callback";
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(address)));
        foreach (
            var (button, title, parameter) in new[]
            {
                ("Deny", "Access is denied", "error=access_denied"),
                ("Allow", "Access is allowed", "code="),
            }
        )
        {
            using var browser = server.Browser();
            await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", address)));
            await browser.SignInAsync();
            await browser.SubmitAsync(button);
            var page = await browser.Response.AssertPageAsync(200);
            Assert.Equal(title, page.QuerySelector("h1")!.TextContent);
            var link = Assert.Single(page.QuerySelectorAll("main a")).GetAttribute("href")!;
            Assert.StartsWith($"{address}?{parameter}", link, StringComparison.Ordinal);
            Assert.Equal($"0;url={link}", page.QuerySelector("meta[http-equiv=refresh]")!.GetAttribute("content"));
            Assert.Equal(link, browser.Location.OriginalString);
        }
    }

    [Fact]
    public async Task A_19_shows_the_error_of_a_private_use_scheme_too()
    {
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray("com.example.app:/cb")));
        using var response = await client.Http.GetAsync(
            client.AuthorizationUrl(("redirect_uri", "com.example.app:/cb"), ("prompt", "none")),
            TestContext.Current.CancellationToken
        );
        var page = await response.AssertPageAsync();
        Assert.Equal("com.example.app:", page.QuerySelector(".host")!.TextContent);
    }

    [Fact]
    public async Task Asks_a_signed_in_user_again_who_it_is_when_the_client_wants_that()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.OpenAsync(client.AuthorizationUrl());
        Assert.Equal("/consent", browser.Location.AbsolutePath);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.OpenAsync(client.AuthorizationUrl(("prompt", "login")));
        Assert.Equal("/signin", browser.Location.AbsolutePath);
        await browser.SignInAsync();
        Assert.Equal("/consent", browser.Location.AbsolutePath);
    }

    [Fact]
    public async Task A_30_leaks_nothing_by_page_or_redirect()
    {
        using var client = await RegisterWebClientAsync();
        var url = client.AuthorizationUrl(("redirect_uri", WebRedirectUri));
        using var started = await client.Http.GetAsync(url, TestContext.Current.CancellationToken);
        started.AssertAccepted();
        started.AssertLeaksNothing();

        using var browser = server.Browser();
        await browser.OpenAsync(url);
        await AssertClosedAsync(browser);
        await browser.SignInAsync();
        await AssertClosedAsync(browser);
        await browser.SubmitAsync("Allow");
        browser.Response.AssertLeaksNothing();
    }

    // Nothing on the page that a browser fetches from elsewhere, and nothing it runs but the file of the passkeys.
    private static async Task AssertClosedAsync(TestBrowser browser)
    {
        var page = await browser.Response.AssertPageAsync(200);
        Assert.Empty(
            page.QuerySelectorAll("script:not([src='/passkeys.js']), style, [style], iframe, object, embed, base, meta[http-equiv]")
        );
        foreach (var element in page.QuerySelectorAll("[src], link[href], form[action]"))
            Assert.Matches("^/[a-z.]+$", element.GetAttribute("src") ?? element.GetAttribute("href") ?? element.GetAttribute("action"));
    }

    private Task<TestClient> RegisterWebClientAsync() => TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(WebRedirectUri)));
}
