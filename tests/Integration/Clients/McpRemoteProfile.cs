using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>mcp-remote and the Inspector, on the TypeScript SDK. Profile of 2026-11.</summary>
public sealed class McpRemoteProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Callback = "http://localhost:3334/oauth/callback";
    private readonly TestServer server = shared.Server;

    // mcp-remote src/lib/node-oauth-client-provider.ts; claude-code OpenDeepWiki PR#343: registration has to stay.
    [Fact]
    public async Task Signs_in_with_a_registration()
    {
        using var client = server.Client(await RegisterAsync());
        await server.SignInAsync(client, Callback, "mcp.read mcp.write", server.Resource);
    }

    // typescript-sdk#940, hydra#4116, claude-code#13685, sigbit#173, chat-ui#2467, jitsu#1430: its schemas know no null and no empty URL.
    [Theory]
    [InlineData("/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/mcp")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Finds_no_empty_member(string path)
    {
        var document = await server.DocumentAsync(path, ("MCP-Protocol-Version", "2025-11-25"), ("Accept", "application/json"));
        foreach (var (_, value) in document)
            if (value is JsonArray list) Assert.All(list, item => Assert.True((string?)item is { Length: > 0 }));
    }

    // FastMCP fastmcp_access_token_expiry_seconds: a refresh says again how long, and it is long enough to be worth it.
    [Fact]
    public async Task Learns_the_lifetime_of_each_token()
    {
        using var client = server.Client(await RegisterAsync());
        var tokens = await server.SignInAsync(client, Callback, "mcp.read", server.Resource);
        Assert.InRange((long)tokens["expires_in"]!, 600, 86400);
        using var refreshed = await client.RefreshAsync((string)tokens["refresh_token"]!, ("resource", server.Resource));
        Assert.InRange((long)(await refreshed.JsonAsync())["expires_in"]!, 600, 86400);
    }

    // envoy ai-gateway#2307, twenty#19836, windmill#10535, OpenMetadata#30673, typo3#115, routecraft#328: the Inspector is a web page.
    [Fact]
    public async Task The_Inspector_may_call_from_a_web_page_and_read_the_challenge()
    {
        await using var own = await TestServer.StartAsync(("Mcp:AllowedOrigins:0", "http://localhost:6274"));
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/mcp");
        preflight.Headers.Add("Origin", "http://localhost:6274");
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version,mcp-session-id,mcp-method,mcp-name,last-event-id");
        using var allowed = await own.SendAsync(preflight);
        Assert.Equal(204, (int)allowed.StatusCode);
        var headers = allowed.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(',').Select(header => header.Trim().ToLowerInvariant()).ToHashSet();
        Assert.Superset(new HashSet<string> { "authorization", "content-type", "accept", "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id", "last-event-id", "dpop" }, headers);

        using var challenged = await own.PostMcpAsync(null, null, ("Origin", "http://localhost:6274"));
        Assert.Equal(401, (int)challenged.StatusCode);
        Assert.Contains("WWW-Authenticate", challenged.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.OrdinalIgnoreCase);
    }

    private Task<JsonObject> RegisterAsync() => server.RegisterAsync($$"""
        {"redirect_uris":["{{Callback}}"],"token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],"response_types":["code"],
         "client_name":"MCP CLI Proxy","client_uri":"https://github.com/modelcontextprotocol/mcp-cli","software_id":"2e6dc280-f3c3-4e01-99a7-8181dbd1d23d","software_version":"0.1.38","scope":"mcp.read mcp.write"}
        """);
}
