using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>The MCP Inspector on the command line: each request a process of its own, with what the earlier ones kept.</summary>
public sealed class InspectorTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private const string Program = "@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("legacy", false)]
    [InlineData("modern", true)]
    public async Task Signs_in_calls_tools_refreshes_and_asks_again_once_revoked(string era, bool isDescribed)
    {
        Requires.Package("@modelcontextprotocol/inspector");
        using var home = new TemporaryFolder();
        using var browser = server.Browser();
        var document = isDescribed ? shared.Host.PublishForLoopback() : null;
        string[] options =
        [
            "--protocol-era",
            era,
            "--callback-url",
            $"http://127.0.0.1:{TestServer.FreePort()}/oauth/callback",
            .. document is null ? Array.Empty<string>() : ["--client-metadata-url", document],
        ];

        await using (var first = Start(home, [.. options, "--method", "tools/list"]))
        {
            await SignInAsync(first, browser);
            Assert.Equal(ClientSteps.Tools, (await ResultAsync(first))["tools"]!.AsArray().Select(tool => (string)tool!["name"]!).Order());
        }

        Assert.Equal(
            "hello",
            (string?)
                (await CallAsync(home, [.. options, "--tool-name", "make_authenticated_request", "--tool-arg", "message=hello"]))["args"]![
                    "message"
                ]
        );
        var kept = Kept(home);
        server.Clock.Advance(TimeSpan.FromHours(2));
        var me = await CallAsync(home, [.. options, "--tool-name", "who_am_i"]);
        Assert.Equal("alice", (string?)me["userName"]);
        Assert.Equal(isDescribed, (string?)me["client"] == document);
        var refreshed = Kept(home);
        Assert.NotEqual(kept, refreshed);

        // Its --relogin is to revoke, and release 2.12.0 skips that on the command line: it looks for the endpoint where it never put it.
        using var owner = new TestClient(server, (string)me["client"]!, null, "none");
        (await owner.RevokeAsync(refreshed)).EnsureSuccessStatusCode();
        await using var last = Start(home, [.. options, "--method", "tools/list"]);
        await SignInAsync(last, browser);
        await ResultAsync(last);
    }

    private ServerProcess Start(TemporaryFolder home, params IEnumerable<string> arguments) =>
        Npm.Start(
            Program,
            ["--cli", "--server-url", server.Resource, "--format", "json", .. arguments],
            ("HOME", home.Path),
            ("MCP_STORAGE_DIR", home.Path),
            ("MCP_INSPECTOR_SECRET_STORE", "file"),
            ("MCP_AUTO_OPEN_ENABLED", "true")
        );

    private static async Task SignInAsync(ServerProcess inspector, TestBrowser browser)
    {
        const string asks = "Please navigate to: ";
        await browser.AllowAndReturnAsync((await inspector.NextLineAsync(asks))[asks.Length..]);
    }

    private async Task<JsonNode> CallAsync(TemporaryFolder home, params IEnumerable<string> arguments)
    {
        await using var inspector = Start(home, ["--method", "tools/call", .. arguments]);
        return (await ResultAsync(inspector))["structuredContent"]!;
    }

    private static async Task<JsonNode> ResultAsync(ServerProcess inspector) =>
        JsonNode.Parse(await inspector.NextLineAsync("{\"result\":"))!["result"]!;

    private static string Kept(TemporaryFolder home) =>
        (string)
            JsonNode.Parse(
                (string)
                    home.Read("secrets.json")["secrets"]!
                        .AsObject()
                        .Single(secret => secret.Key.Contains(":tokens:", StringComparison.Ordinal))
                        .Value!
            )!["refresh_token"]!;
}
