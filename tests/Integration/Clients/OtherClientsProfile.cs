using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>What the remaining clients rely on, each test with the ones that do. Profile of 2026-11.</summary>
public sealed class OtherClientsProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    // kody PR#948 (Gemini), openwork PR#2993, giantswarm#440, ory/elements#587: no resource means the only one, another one is refused.
    [Fact]
    public async Task Gemini_names_no_resource()
    {
        using var client = await TestClient.RegisterAsync(server);
        var tokens = await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", null);
        await (await client.RefreshAsync((string)tokens["refresh_token"]!, ("resource", "https://other.example/mcp"))).AssertErrorAsync(400, "invalid_target");
        Assert.Equal(200, (int)(await client.RefreshAsync((string)tokens["refresh_token"]!)).StatusCode);
    }

    // exa PR#387 (Grok Build), gemini-cli#20017, claude-code#69917, sentry-mcp PR#837: spellings of the URL that a user types.
    [Theory]
    [InlineData("{0}/mcp")]
    [InlineData("{0}/mcp/")]
    [InlineData("{0}")]
    [InlineData("{0}/")]
    public async Task Grok_Build_names_the_resource_as_its_user_typed_it(string format)
    {
        using var client = await TestClient.RegisterAsync(server);
        await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", string.Format(null, format, server.Issuer));
    }

    // sigbit#173, GiviKDev/oauth docs/007-protocol-findings.md §4: LM Studio and Smithery send the least, and read what was made of it.
    [Fact]
    public async Task LM_Studio_reads_the_defaults_of_what_it_left_out()
    {
        var registration = await server.RegisterAsync("""{"redirect_uris":["http://127.0.0.1:33389/mcp/oauth/callback"]}""");
        Assert.Equal("client_secret_basic", (string?)registration["token_endpoint_auth_method"]);
        Assert.Equal(["authorization_code", "refresh_token"], registration["grant_types"]!.AsArray().Select(grant => (string)grant!));
        Assert.Equal(["code"], registration["response_types"]!.AsArray().Select(type => (string)type!));
        Assert.Equal(0, (long?)registration["client_secret_expires_at"]);
        using var client = server.Client(registration);
        await server.SignInAsync(client, "http://127.0.0.1:33389/mcp/oauth/callback", null, server.Resource);
    }

    // metabase#79413: the scope of a registration is no ceiling.
    [Fact]
    public async Task A_client_may_ask_for_more_than_it_registered()
    {
        using var client = await TestClient.RegisterAsync(server, ("scope", "mcp.read"));
        Assert.Equal("mcp.read mcp.write", (string?)(await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read mcp.write", server.Resource))["scope"]);
    }

    // kimi-code#2606, chatcli PR#1308, supabase/mcp#355, fastmcp#2027: a stored client_id is used for years.
    [Fact]
    public async Task Kimi_keeps_its_registration_forever()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var (_, refresh) = await client.SignInAsync();
        for (var day = 0; day < 3; day++)
        {
            own.Clock.Advance(TimeSpan.FromHours(25));
            using var refreshed = await client.RefreshAsync(refresh);
            Assert.Equal(200, (int)refreshed.StatusCode);
            refresh = (string)(await refreshed.JsonAsync())["refresh_token"]!;
        }

        await own.SignInAsync(client, TestClient.RedirectUri, "mcp.read", own.Resource);
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
