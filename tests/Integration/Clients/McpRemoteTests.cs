using System.Threading.Channels;
using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Clients;

/// <summary>mcp-remote, which lends sign-in to clients that know stdio alone: here to the official C# client.</summary>
public sealed class McpRemoteTests(SharedDocuments shared) : IClassFixture<SharedDocuments>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("legacy", false)]
    [InlineData("auto", true)]
    public async Task Signs_in_for_its_client_refreshes_and_asks_again_once_revoked(string protocol, bool isDescribed)
    {
        Requires.Package("mcp-remote");
        using var home = new TemporaryFolder();
        using var browser = server.Browser();
        var (asked, listening) = (Channel.CreateUnbounded<string>(), Channel.CreateUnbounded<string>());
        var document = isDescribed ? shared.Host.PublishForLoopback() : null;
        string[] arguments = [server.Resource, $"{TestServer.FreePort()}", "--transport", "http-only", "--protocol", protocol];
        (string Name, string? Value)[] environment = [.. Npm.NoBrowser, ("MCP_REMOTE_CONFIG_DIR", home.Path)];
        var connecting = McpClient.CreateAsync(
            new StdioClientTransport(
                new StdioClientTransportOptions
                {
                    Command = Npm.Node,
                    Arguments =
                    [
                        Path.Combine(Npm.Modules, "mcp-remote", "dist", "proxy.js"),
                        .. document is null ? arguments : [.. arguments, "--client-metadata-url", document],
                    ],
                    EnvironmentVariables = environment.ToDictionary(variable => variable.Name, variable => variable.Value),
                    StandardErrorLines = line =>
                    {
                        if (line.StartsWith($"{server.Issuer}/authorize?", StringComparison.Ordinal))
                            asked.Writer.TryWrite(line);
                        if (line.Contains("OAuth callback server running", StringComparison.Ordinal))
                            listening.Writer.TryWrite(line);
                    },
                }
            ),
            new McpClientOptions { ProtocolVersion = "2025-11-25" },
            cancellationToken: TestContext.Current.CancellationToken
        );
        await SignInAsync();
        await using var client = await connecting;

        Assert.Equal(
            ClientSteps.Tools,
            (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).Order()
        );
        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);
        var first = home.Read("*_tokens.json");

        server.Clock.Advance(TimeSpan.FromHours(2));
        await WhoAmIAsync(client);
        var second = home.Read("*_tokens.json");
        Assert.NotEqual((string?)first["refresh_token"], (string?)second["refresh_token"]);

        using var owner = new TestClient(server, document ?? (string)home.Read("*_client_info.json")["client_id"]!, null, "none");
        (await owner.RevokeAsync((string)second["refresh_token"]!)).EnsureSuccessStatusCode();
        var again = WhoAmIAsync(client);
        await SignInAsync();
        await again;

        // It listens before it asks the first time, and after it has asked the second time.
        async Task SignInAsync()
        {
            await NextAsync(listening);
            await browser.AllowAndReturnAsync(await NextAsync(asked));
        }
    }

    private static Task<string> NextAsync(Channel<string> lines) =>
        lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ServerProcess.Patience);

    private static async Task WhoAmIAsync(McpClient client)
    {
        var result = await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("alice", result.StructuredContent!.Value.GetProperty("userName").GetString());
    }
}
