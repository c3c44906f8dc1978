using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The SDK's client with a token that it already holds: for tests about tools, not about signing in.</summary>
internal static class Callers
{
    public static Task<McpClient> ConnectAsync(IReachable server, string accessToken, string? revision = null) =>
        McpClient.CreateAsync(
            new HttpClientTransport(
                new HttpClientTransportOptions
                {
                    Endpoint = new Uri(server.Address, "/mcp"),
                    TransportMode = HttpTransportMode.StreamableHttp,
                    AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {accessToken}" },
                }
            ),
            revision is null ? null : new McpClientOptions { ProtocolVersion = revision },
            cancellationToken: TestContext.Current.CancellationToken
        );

    public static async Task<CallToolResult> MakeRequestAsync(this McpClient client, string message) =>
        await client.CallToolAsync(
            "make_authenticated_request",
            new Dictionary<string, object?> { ["message"] = message },
            cancellationToken: TestContext.Current.CancellationToken
        );

    public static string TextOf(this CallToolResult result) => Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text;
}
