using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
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
        Assert.Equal(
            "mcp.read mcp.write",
            (string?)(await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read mcp.write", server.Resource))["scope"]
        );
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
        using var response = await server.GetAsync(
            "/mcp",
            ("Accept", "text/event-stream"),
            ("Authorization", $"Bearer {(await client.SignInAsync()).Access}")
        );
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
        await server.Log.NextAsync(line =>
            line.Contains("error=invalid_token ", StringComparison.Ordinal)
            && line.Contains("is for https://other.example/mcp, and this server is", StringComparison.Ordinal)
        );
    }

    // csharp-sdk#643, #654; microsoft/mcp#1820: behind a proxy every URL is the configured one, whatever the request says.
    [Theory]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    public async Task Behind_a_proxy_every_URL_is_the_configured_one(string header, string value)
    {
        var challenge = (await server.GetRawAsync("/mcp", (header, value))).Header("WWW-Authenticate");
        Assert.Contains(
            $"resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\"",
            challenge,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"\"resource\":\"{server.Resource}\"",
            (await server.GetRawAsync("/.well-known/oauth-protected-resource/mcp", (header, value))).Body,
            StringComparison.Ordinal
        );
    }

    // tableau-mcp PR#369, fastmcp#4850, n8n#34713, socket-mcp#185: what is advertised, what is issued and what is checked are one text.
    [Fact]
    public async Task The_resource_that_is_advertised_is_the_one_that_is_issued_and_checked()
    {
        var advertised = (string?)(await server.DocumentAsync("/.well-known/oauth-protected-resource/mcp"))["resource"];
        using var client = await TestClient.RegisterAsync(server);
        // that it is accepted: asserted there
        var tokens = await server.SignInAsync(client, TestClient.RedirectUri, "mcp.read", advertised);
        Assert.Equal(advertised, (string?)ForgedToken.Claims((string)tokens["access_token"]!)["aud"]);
    }

    // GiviKDev/oauth docs/007-protocol-findings.md: some servers' resource is an api:// name, which this one's never is.
    [Fact]
    public async Task A_resource_that_is_no_URL_of_this_server_is_refused()
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.ExchangeAsync(await client.CodeAsync(), ("resource", "api://mcp"))).AssertErrorAsync(400, "invalid_target");
    }

    // FastMCP redirect_validation.py; keryx#502: what a browser would run, or read for somebody else, is no redirect URI.
    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,hello")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user@app.example/callback")]
    [InlineData("https://app.example/callback#part")]
    public async Task Registers_no_redirect_uri_that_is_not_safe(string uri)
    {
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { uri } },
            TestContext.Current.CancellationToken
        );
        await response.AssertErrorAsync(400, "invalid_redirect_uri");
    }

    // fastmcp#2302, #3369; 1mcp#403; everruns PR#2918; beardrive#223; metamcp#170: browsers apply form-action to the whole chain of
    // redirects, so the page has none, and the answer to its form is a 303. (RedirectChainTests shows it in Chromium.)
    // MCP 2026-07-28, security considerations; FastMCP consent.py: it names the host, and warns where that is this computer.
    [Fact]
    public async Task The_consent_page_lets_the_answer_through_and_says_where_it_goes()
    {
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        await browser.SignInAsync();
        browser.Response.AssertPageHeaders(); // no form-action: asserted there
        Assert.Contains("a program on this computer", browser.Text, StringComparison.Ordinal);
        await browser.SubmitAsync("Allow");
        Assert.Equal(HttpStatusCode.SeeOther, browser.Response.StatusCode);
        Assert.StartsWith(TestClient.RedirectUri, browser.Location.AbsoluteUri, StringComparison.Ordinal);
    }

    // claude-code#20215, #69326, #69205; mcp-remote#228; sentry-mcp#546; github-mcp-server#132: on a machine without a browser the
    // person pastes the answer back, into any loopback URI that nobody listens on (SampleWaysTests does).
    // sigbit#168, gh-aw#23566: a machine has a way of its own, for clients that an operator made and for no other.
    [Fact]
    public async Task Who_registered_itself_is_no_machine()
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_post"));
        using var response = await client.PostAsync(
            "/token",
            new()
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = client.Id,
                ["client_secret"] = client.Secret,
            }
        );
        await response.AssertErrorAsync(400, "unauthorized_client");
    }
}
