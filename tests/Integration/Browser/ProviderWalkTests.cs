using System.Net;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>The way to a provider and back in a real browser, which heeds every header on it, and the buttons that link accounts.</summary>
public sealed class ProviderWalkTests(Chromium chromium)
{
    [Fact]
    public async Task The_user_allows_the_client_signs_in_there_and_comes_back_to_it()
    {
        await using var upstream = await UpstreamServer.GitHubAsync();
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(
            upstream.Server,
            ("redirect_uris", new System.Text.Json.Nodes.JsonArray(callback.RedirectUri))
        );
        await using var window = await chromium.OpenAsync(upstream.Server);
        await window.OpenAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await window.PressAsync("Allow");
        using var exchange = await client.ExchangeAsync((await callback.NextAsync()).Code, ("redirect_uri", callback.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, exchange.StatusCode);
        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task The_user_links_an_account_links_it_again_and_unlinks_it()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        using var client = await TestClient.RegisterAsync(upstream.Server);
        var (token, _) = await client.SignInAsync("alice");
        await using var window = await chromium.OpenAsync(upstream.Server);
        await window.SignInAtHomeAsync("alice");
        await window.OpenAsync("/connections");

        foreach (var button in new[] { "Link GitHub", "Link again GitHub" })
        {
            await window.PressAsync(button);
            await Expect(window.Page.GetByText("Linked as octocat.")).ToBeVisibleAsync();
            Assert.NotEqual(true, (await upstream.CallAsync(token)).IsError);
        }

        await window.PressAsync("Unlink GitHub");
        await Expect(window.Button("Link GitHub")).ToBeVisibleAsync();
        await Expect(window.Button("Unlink GitHub")).ToHaveCountAsync(0);
        Assert.True((await upstream.CallAsync(token)).IsError);
        Assert.Equal(0, await upstream.Server.InDatabaseAsync(db => db.UpstreamTokens.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Empty(window.Complaints);
    }
}
