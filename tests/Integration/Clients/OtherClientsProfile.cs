using System.Net.Http.Headers;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>What the remaining clients rely on, each test with the ones that do. Profile of 2026-11.</summary>
public sealed class OtherClientsProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // metabase#79413: the scope of a registration is no ceiling.
    [Fact]
    public async Task A_client_may_ask_for_more_than_it_registered()
    {
        using var client = await TestClient.RegisterAsync(server, ("scope", "mcp.read"));
        Assert.Equal("mcp.read mcp.write", (string?)(await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read mcp.write", server.Resource))["scope"]);
    }

    // coder PR#23516, litellm#34743, opengeni PR#303, SAP btp#245: any casing of the scheme.
    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    public async Task Litellm_writes_the_scheme_as_it_likes(string scheme)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var request = McpRequests.Request(null);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, (await client.SignInAsync()).Access);
        using var response = await server.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }

    // lion-reader#736, archestra#7938, n8n#34835: 401; jentic#1257, runpod#79, kibana#272753, worldmonitor#4711: 405 by a switch.
    [Theory]
    [InlineData("401", 401)]
    [InlineData("405", 405)]
    public async Task Some_open_with_a_GET(string setting, int status)
    {
        await using var own = await TestServer.StartAsync(("Mcp:UnauthenticatedGet", setting));
        using var response = await own.GetAsync("/mcp", ("Accept", "text/event-stream"));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 405, response.Content.Headers.Allow.Contains("POST"));
    }

    // n8n: with a token and no session a GET is a quick 405, not a stream that hangs.
    [Fact]
    public async Task N8n_opens_no_stream_without_a_session()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await server.GetAsync("/mcp", ("Accept", "text/event-stream"), ("Authorization", $"Bearer {(await client.SignInAsync()).Access}"));
        Assert.Equal(405, (int)response.StatusCode);
        Assert.Contains("POST", response.Content.Headers.Allow);
    }

    // fastmcp#4818: browsers load a page twice, and the first form has to stay good.
    [Fact]
    public async Task A_browser_may_load_the_consent_page_twice()
    {
        using var browser = server.Browser();
        using var client = await TestClient.RegisterAsync(server);
        await (await browser.OpenAsync(client.AuthorizationUrl())).SignInAsync();
        var first = browser.Form(("decision", "allow"));
        await browser.OpenAsync(browser.Location.PathAndQuery);
        using var response = await server.PostFormAsync("/consent", first, browser.Cookies);
        Assert.Equal(303, (int)response.StatusCode);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    // Stirling-PDF PR#6700, nextcloud-mcp-server PR#1230: the log says why a token was refused, and never the token.
    [Fact]
    public async Task An_operator_learns_why_a_token_was_refused()
    {
        using var client = await TestClient.RegisterAsync(server);
        var token = ForgedToken.Resign(server, (await client.SignInAsync()).Access, ("aud", "https://other.example/mcp"));
        Assert.False(await server.AcceptsAsync(token));
        Assert.DoesNotContain(server.Log.All, line => line.Contains(token, StringComparison.Ordinal));
        Assert.Contains(server.Log.All, line => line.Contains("invalid_token", StringComparison.Ordinal) && line.Contains("audience", StringComparison.Ordinal));
    }
}
