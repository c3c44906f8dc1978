using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Browser;

/// <summary>From a client's authorization URL to the client, as a person with Chromium goes.</summary>
public sealed class WalkTests(SharedServer shared, Chromium chromium) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task A_30_leads_from_the_client_through_sign_in_and_consent_back_to_the_client()
    {
        await using var callback = await Callback.StartAsync();
        using var client = await TestClient.RegisterAsync(server, ("redirect_uris", new JsonArray(callback.RedirectUri)));
        await using var window = await chromium.OpenAsync(server);
        await window.AskAsync(client.AuthorizationUrl(("redirect_uri", callback.RedirectUri)));
        await window.PressAsync("Allow");
        var answer = await callback.NextAsync();
        Assert.Equal(("the-state", server.Issuer), (answer.Parameters["state"].ToString(), answer.Parameters["iss"].ToString()));
        Assert.Null(answer.Referrer);

        using var exchange = await client.ExchangeAsync(answer.Code, ("redirect_uri", callback.RedirectUri));
        Assert.Equal(HttpStatusCode.OK, exchange.StatusCode);
        Assert.True(await server.AcceptsAsync((string)(await exchange.JsonAsync())["access_token"]!));
        await Assertions.Expect(window.Page).ToHaveTitleAsync("Done");
        Assert.Empty(window.Complaints);
    }
}
