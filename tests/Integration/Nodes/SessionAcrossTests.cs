using System.Diagnostics;
using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>Sessions of the older revisions, whose next request meets a node that has not seen their first.</summary>
[Collection(nameof(ManyNodes))]
public sealed class SessionAcrossTests(SharedCluster shared)
{
    private static readonly string Initialize = McpRequests.Initialize.Replace(
        McpRequests.Revision,
        "2025-06-18",
        StringComparison.Ordinal
    );

    [Fact]
    public async Task F_47_any_node_goes_on_with_a_session_and_says_of_another_that_it_is_over()
    {
        using var client = await TestClient.RegisterAsync(shared.Cluster.Balancer);
        var (token, _) = await client.SignInAsync();
        for (var round = 0; round < Rounds.Of(4, 200); round++)
        {
            var (first, second) = (shared.Cluster.Nodes[round % 2], shared.Cluster.Nodes[(round + 1) % 2]);
            using var opened = await first.PostMcpAsync(token, Initialize);
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
            var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
            using (var here = await CallAsync(first, token, session))
                Assert.Contains("alice", await TextAsync(here), StringComparison.Ordinal);

            using (var stream = await ListenAsync(second, token, session))
                Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
            using (var there = await CallAsync(second, token, session))
                Assert.Contains("alice", await TextAsync(there), StringComparison.Ordinal);
            using var unknown = await CallAsync(second, token, session + "x");
            Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        }
    }

    [Fact]
    public async Task F_47_a_session_that_was_ended_at_one_node_is_over_at_the_other_that_had_it_open()
    {
        using var client = await TestClient.RegisterAsync(shared.Cluster.Balancer);
        var (token, _) = await client.SignInAsync();
        var (first, second) = (shared.Cluster.Nodes[0], shared.Cluster.Nodes[1]);
        using var opened = await first.PostMcpAsync(token, Initialize);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        using (var there = await CallAsync(second, token, session))
            Assert.Equal(HttpStatusCode.OK, there.StatusCode);

        using (var ended = await SendAsync(HttpMethod.Delete, first, token, session))
            Assert.True(ended.IsSuccessStatusCode);
        for (var waited = Stopwatch.StartNew(); ; )
        {
            using var after = await CallAsync(second, token, session);
            if (after.StatusCode == HttpStatusCode.NotFound)
                return;
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
        }
    }

    private static Task<HttpResponseMessage> CallAsync(Node node, string token, string session) =>
        node.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-06-18"))
            .WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> ListenAsync(Node node, string token, string session) =>
        SendAsync(HttpMethod.Get, node, token, session);

    private static async Task<HttpResponseMessage> SendAsync(HttpMethod method, Node node, string token, string session)
    {
        using var http = node.Http();
        var request = McpRequests.Request(token, null, ("Mcp-Session-Id", session), ("MCP-Protocol-Version", "2025-06-18"));
        (request.Method, request.Content) = (method, null);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken)
            .WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
