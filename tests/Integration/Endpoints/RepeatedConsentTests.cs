using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>Consent is asked for each time: nothing is remembered that a request from elsewhere could use.</summary>
public sealed class RepeatedConsentTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7777/callback")]
    [InlineData("https://client.example/callback")]
    public async Task C_09_asks_again_whoever_sends_the_browser_and_wherever_the_answer_goes(string redirectUri)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new System.Text.Json.Nodes.JsonArray(redirectUri)));
        using var browser = server.Browser();
        await browser.AllowAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        await browser.OpenAsync(client.AuthorizationUrl(("redirect_uri", redirectUri)));
        Assert.NotNull(browser.Page);
        Assert.Contains("Allow", browser.Page.QuerySelectorAll("button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public async Task C_11_shows_no_logo_that_a_client_names()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("logo_uri", "https://client.example/logo.svg"), ("client_uri", "https://client.example/home"));
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
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.SeeOther, (await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken)).StatusCode);
        using var refused = await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        server.Clock.Advance(TimeSpan.FromMinutes(11));
        while ((await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken)).StatusCode != HttpStatusCode.SeeOther) server.Clock.Advance(TimeSpan.FromSeconds(30));
    }
}
