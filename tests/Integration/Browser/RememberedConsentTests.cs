using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;
using static Microsoft.Playwright.Assertions;

namespace OAuthMcp.Integration.Browser;

/// <summary>What a user ticked is what the client gets, and is asked once; as a browser tells who sent it.</summary>
public sealed class RememberedConsentTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private readonly TestServer server = shared.Server;
    private Callback callback = null!;
    private TestClient client = null!;
    private ChromiumWindow window = null!;

    public async ValueTask InitializeAsync()
    {
        callback = await Callback.StartAsync("client.example", certificate: TestAuthority.Localhost);
        client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        window = await chromium.OpenAsync(server);
        await window.AskAsync(Url());
    }

    [Fact]
    public async Task The_client_gets_what_was_left_ticked()
    {
        await window.Page.GetByRole(AriaRole.Checkbox).UncheckAsync();
        await window.PressAsync("Allow");
        using var exchange = await client.ExchangeAsync((await callback.NextAsync()).Code, ("redirect_uri", callback.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, exchange.StatusCode);
        Assert.Equal("mcp.read", (string?)(await exchange.JsonAsync())["scope"]);
    }

    [Fact]
    public async Task Who_comes_back_is_not_asked_again()
    {
        await AllowAsync();
        await window.OpenAsync(Url());
        Assert.NotEmpty((await callback.NextAsync()).Code);
        await window.OpenAsync(Url(("prompt", "none")));
        Assert.NotEmpty((await callback.NextAsync()).Code);
    }

    [Theory]
    [InlineData("site.example")]
    [InlineData("localhost")]
    public async Task C_09_whom_another_site_sent_is_asked_again(string host)
    {
        await AllowAsync();
        await using var site = await StandIn.StartAsync(http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync($"<a href='{server.Issuer}{Url()}'>Win a prize</a>");
        });
        await window.OpenAsync($"http://{host}:{site.Address.Port}/");
        await window.Page.GetByText("Win a prize").ClickAsync();
        await Expect(window.Button("Allow")).ToBeVisibleAsync();
        await window.Page.ReloadAsync();
        await Expect(window.Button("Allow")).ToBeVisibleAsync();
        Assert.Equal(0, callback.Waiting);
    }

    public async ValueTask DisposeAsync()
    {
        await window.DisposeAsync();
        client.Dispose();
        await callback.DisposeAsync();
    }

    private string Url(params (string Name, string? Value)[] parameters) =>
        client.AuthorizationUrl([("redirect_uri", callback.RedirectUri), .. parameters]);

    private async Task AllowAsync()
    {
        await window.PressAsync("Allow");
        await callback.NextAsync();
        await Expect(window.Page).ToHaveTitleAsync("Done");
    }
}
