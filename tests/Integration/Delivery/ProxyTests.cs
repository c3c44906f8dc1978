using System.Net;
using OAuthMcp.Api.Doctor;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Delivery;

/// <summary>The files for proxies that are delivered, run by the proxies themselves.</summary>
public sealed class ProxyTests(NodesBehindTls behind) : IClassFixture<NodesBehindTls>
{
    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task Clients_walk_through_to_two_nodes_by_https_and_streams_stream(string name)
    {
        Requires.Postgres();
        Requires.Proxy(name);
        await using var proxy = await behind.StartAsync(name);
        using var browser = proxy.Browser();
        var tokens = new OfficialClient.Tokens();
        await using (var client = await OfficialClient.ConnectAsync(proxy, browser, tokens, "2026-07-28"))
            for (var calls = 0; calls < 4; calls++)
                Assert.Contains("hello", (await client.MakeRequestAsync("hello")).TextOf(), StringComparison.Ordinal);

        // A session of an older revision, and its stream, whose first event has to come while it is open.
        var token = tokens.Current!.AccessToken;
        var session = await proxy.OpenSessionAsync(token);
        using (var call = await proxy.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session)))
            Assert.Equal(HttpStatusCode.OK, call.StatusCode); // at the other node, so that the stream is opened where the session began
        using (var stream = await EventStream.OpenAsync(proxy, token, session, null, ("MCP-Protocol-Version", "2025-11-25")))
            Assert.StartsWith("id: ", await stream.NextLineAsync(), StringComparison.Ordinal);

        using (var visit = new Visit(proxy.Address))
        {
            var checks = Examination.Outside.Where(check => check.Name != "silence"); // 15 s of it
            await foreach (var finding in Examination.RunAsync(visit, checks, TestContext.Current.CancellationToken))
                Assert.True(finding.Verdict == Verdict.Ok, $"{finding.Check}: {finding.Seen}");
        }

        // Nobody notices a node that is replaced.
        await behind.Nodes[0].KillAsync();
        using (var http = proxy.Http())
            for (var requests = 0; requests < 6; requests++)
            {
                using var answer = await http.GetAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

        await behind.Nodes[0].StartAsync();
    }
}
