using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>mcp-remote. Profile of 2026-11; <see cref="McpRemoteTests"/> runs the real one.</summary>
public sealed class McpRemoteProfile(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Callback = "http://localhost:3334/oauth/callback";
    private readonly TestServer server = shared.Server;

    // mcp-remote 0.15.1 src/lib/node-oauth-client-provider.ts; claude-code OpenDeepWiki PR#343: registration has to stay.
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
            if (value is JsonArray list)
                Assert.All(list, item => Assert.True((string?)item is { Length: > 0 }));
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

    private Task<JsonObject> RegisterAsync() =>
        server.RegisterAsync(
            $$"""
            {"redirect_uris":["{{Callback}}"],"token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],"response_types":["code"],"application_type":"native",
             "client_name":"MCP CLI Proxy","client_uri":"https://github.com/modelcontextprotocol/mcp-cli","software_id":"2e6dc280-f3c3-4e01-99a7-8181dbd1d23d","software_version":"0.15.1","scope":"mcp.read mcp.write"}
            """
        );
}
