using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>Claude Code, the command line. Profile of 2026-11.</summary>
public sealed class ClaudeCodeProfile(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private const string Callback = "http://localhost:54545/callback";
    private readonly TestServer server = shared.Server;

    // google_workspace_mcp#382: the order in which it looks for metadata; what is not served is a small JSON 404, never HTML.
    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/mcp", true)]
    [InlineData("/.well-known/oauth-protected-resource", true)]
    [InlineData("/.well-known/oauth-authorization-server/mcp", false)]
    [InlineData("/.well-known/oauth-authorization-server", true)]
    [InlineData("/.well-known/openid-configuration/mcp", false)]
    [InlineData("/.well-known/openid-configuration", true)]
    [InlineData("/mcp/.well-known/openid-configuration", false)]
    public async Task Finds_metadata_or_a_small_404_wherever_it_looks(string path, bool served)
    {
        (string, string)[] headers = [("MCP-Protocol-Version", "2025-11-25"), ("Accept", "*/*"), ("User-Agent", "claude-code/2.1 (cli)")];
        if (served)
        {
            await server.DocumentAsync(path, headers);
            return;
        }

        using var response = await server.GetAsync(path, headers);
        await response.AssertErrorAsync(404, "not_found");
        Assert.InRange(response.Content.Headers.ContentLength!.Value, 1, 500);
    }

    // claude-code#37767, #41011, #47185; obot client_id_metadata.go:30: loopback URIs without a port and no application_type.
    [Theory]
    [InlineData("http://localhost:54545/callback")]
    [InlineData("http://127.0.0.1:61234/callback")]
    public async Task Signs_in_with_its_metadata_document_from_any_port(string callback)
    {
        var url = shared.Host.Publish(
            ("client_name", "Claude Code"),
            ("redirect_uris", new JsonArray("http://localhost/callback", "http://127.0.0.1/callback")),
            ("application_type", null)
        );
        using var client = server.Described(url);
        await server.SignInAsync(client, callback, "mcp.read mcp.write", server.Resource);
    }

    // openstory#1693, nulab#176: the same by registration. elmo PR#684: release 2.1, captured, says what it is.
    [Theory]
    [InlineData("")]
    [InlineData("\"application_type\":\"native\",")]
    public async Task Signs_in_with_a_registration(string type)
    {
        var registration = await RegisterAsync(type);
        Assert.Equal("native", (string?)registration["application_type"]);
        Assert.False(registration.ContainsKey("client_secret"));
        using var client = server.Client(registration);
        await server.SignInAsync(client, "http://localhost:50123/callback", "mcp.read mcp.write", server.Resource);
    }

    // modelcontextprotocol#653, claude-code#41610, claude-ai-mcp#453: odd scopes are narrowed and never fail.
    [Theory]
    [InlineData(" offline_access")]
    [InlineData("offline_access")]
    [InlineData("claudeai")]
    [InlineData("mcp.read mcp.write offline_access")]
    [InlineData(null)]
    public async Task Gets_the_useful_scopes_for_odd_ones(string? scope)
    {
        using var client = server.Client(await RegisterAsync());
        Assert.Equal("mcp.read mcp.write", (string?)(await server.SignInAsync(client, Callback, scope, server.Resource))["scope"]);
    }

    // claude-code#90497: no resource anywhere; the only one there is counts.
    [Fact]
    public async Task Needs_to_name_no_resource()
    {
        using var client = server.Client(await RegisterAsync());
        var tokens = await server.SignInAsync(client, Callback, "mcp.read", null);
        using var refreshed = await client.RefreshAsync((string)tokens["refresh_token"]!);
        Assert.Equal(server.Resource, (string?)ForgedToken.Claims((string)(await refreshed.JsonAsync())["access_token"]!)["aud"]);
    }

    // claude-code#4760, #13685: a client_id that is no longer known is 401 invalid_client, which makes it register anew.
    [Fact]
    public async Task Learns_that_its_registration_is_gone()
    {
        using var gone = new TestClient(server, "cli_gone", null, "none");
        await (await gone.RefreshAsync("ort_whatever")).AssertErrorAsync(401, "invalid_client");
        await (await gone.ExchangeAsync("oac_whatever")).AssertErrorAsync(401, "invalid_client");
    }

    // claude-code#44652, #28258: it asks for what the challenge names and does no step-up, so the challenge names all that the tools need.
    [Fact]
    public async Task Is_challenged_for_all_that_the_tools_need()
    {
        using var response = await server.PostMcpAsync(null);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(
            $"Bearer resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\", scope=\"mcp.read mcp.write\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    private Task<JsonObject> RegisterAsync(string type = "") =>
        server.RegisterAsync(
            $$"""
            {{{type}}"client_name":"Claude Code (oauthmcp)","redirect_uris":["{{Callback}}"],"grant_types":["authorization_code","refresh_token"],
             "response_types":["code"],"token_endpoint_auth_method":"none"}
            """
        );
}
