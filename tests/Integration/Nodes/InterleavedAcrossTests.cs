using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Calls of many callers at both nodes at once: each carries the token of its own caller.</summary>
[Collection(nameof(ManyNodes))]
public sealed class InterleavedAcrossTests(SharedCluster shared)
{
    private const string Arguments = """
        {
          "name": "make_authenticated_request",
          "arguments": { "message": "MESSAGE" },
          "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": {}
          }
        }
        """;

    [Fact]
    public async Task X_02_no_call_carries_the_token_of_another_caller()
    {
        var tokens = await TokensAsync();
        var calls = Enumerable.Range(0, Rounds.Of(10, 100)).SelectMany(_ => tokens).Index().ToList();
        await Rounds.RaceAsync(8, async racer =>
        {
            foreach (var (number, token) in calls.Where(call => call.Index % 8 == racer))
                await CallAsync(shared.Cluster.Nodes[(number + racer) % 2], token, $"call-{number}-end");
            return true;
        });
        foreach (var (number, token) in calls)
        {
            var arrived = Assert.Single(shared.Cluster.Api.Requests, request =>
                request.Target.EndsWith($"call-{number}-end", StringComparison.Ordinal)
            );
            Assert.Equal($"Bearer {token}", arrived.Authorization);
        }
    }

    /// <summary>Of two users, and of several grants of each.</summary>
    private async Task<IReadOnlyList<string>> TokensAsync()
    {
        var tokens = new List<string>();
        foreach (var user in new[] { "alice", "bob" })
        {
            using var allowed = await Allowances.StartAsync(shared.Cluster, user);
            foreach (var refresh in await allowed.RefreshTokensAsync(5))
                tokens.Add((string)(await (await allowed.RefreshAsync(0, refresh)).JsonAsync())["access_token"]!);
        }

        return tokens;
    }

    private static async Task CallAsync(Node node, string token, string message)
    {
        using var answer = await node.PostMcpAsync(
            token,
            McpRequests.Message("tools/call", Arguments.Replace("MESSAGE", message, StringComparison.Ordinal)),
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "make_authenticated_request")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains(message, text, StringComparison.Ordinal);
    }
}
