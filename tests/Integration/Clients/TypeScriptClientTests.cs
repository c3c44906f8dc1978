using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The official TypeScript client, of both lines of releases: unaided from the endpoint's URL to the tools, and on from there.</summary>
public sealed class TypeScriptClientTests
{
    [Theory]
    [InlineData("@modelcontextprotocol/client", "auto", "2026-07-28", false)]
    [InlineData("@modelcontextprotocol/client", "auto", "2026-07-28", true)]
    [InlineData("@modelcontextprotocol/client", "legacy", "2025-11-25", false)]
    [InlineData("@modelcontextprotocol/sdk", "legacy", "2025-11-25", false)]
    [InlineData("@modelcontextprotocol/sdk", "legacy", "2025-11-25", true)]
    public async Task Signs_in_calls_tools_refreshes_and_asks_again_once_revoked(string package, string mode, string revision, bool isDescribed)
    {
        Requires.Package(package);
        await using var documents = await DocumentHost.StartAsync();
        await using var server = await SharedDocuments.StartServerAsync();
        using var browser = server.Browser();
        var document = documents.Publish(("redirect_uris", new System.Text.Json.Nodes.JsonArray("http://127.0.0.1/callback")));
        await using var client = DrivenClient.Start("typescript.mjs", isDescribed ? [package, mode, server.Resource, document] : [package, mode, server.Resource]);

        var known = await client.SaysAsync("client");
        await client.SignInAsync(browser);
        var tokens = await client.SaysAsync("tokens");
        Assert.Equal(revision, (string?)await client.SaysAsync("connected"));
        Assert.Equal(isDescribed, (string?)known["client_id"] == document);
        Assert.Equal(["make_authenticated_request", "show_auth_token", "who_am_i"], (await client.ListToolsAsync()).Order());
        Assert.Equal("alice", (string?)(await client.CallAsync("who_am_i"))["userName"]);
        Assert.Equal("hello", (string?)(await client.CallAsync("make_authenticated_request"))["args"]!["message"]);

        server.Clock.Advance(TimeSpan.FromHours(2));
        await client.WishAsync("who_am_i");
        var refreshed = await client.SaysAsync("tokens");
        Assert.Equal("alice", (string?)(await client.SaysAsync("called"))["structuredContent"]!["userName"]);
        Assert.NotEqual((string?)tokens["refresh_token"], (string?)refreshed["refresh_token"]);

        using var owner = new TestClient(server, (string)known["client_id"]!, null, "none"); // the client itself has no call for it
        (await owner.RevokeAsync((string)refreshed["refresh_token"]!)).EnsureSuccessStatusCode();
        await client.WishAsync("who_am_i");
        await client.SignInAsync(browser);
        await client.SaysAsync("called");
    }
}
