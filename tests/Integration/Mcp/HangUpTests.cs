using System.Net.Sockets;
using System.Text;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>A client may hang up whenever it likes, which is nobody's fault.</summary>
public sealed class HangUpTests
{
    [Theory]
    [InlineData("POST /mcp", "while its tool runs")]
    [InlineData("POST /mcp", "while its tool runs without a session")]
    [InlineData("POST /mcp", "in the body")]
    [InlineData("GET /mcp", "on its stream")]
    [InlineData("POST /token", "in the body")]
    [InlineData("POST /register", "in the body")]
    [InlineData("POST /signin", "in the body")]
    public async Task K_08_F_49_whoever_hangs_up_leaves_a_499_and_no_trace(string request, string when)
    {
        using var arrived = new SemaphoreSlim(0);
        await using var api = await StandIn.StartAsync(http =>
        {
            arrived.Release();
            return StandIn.GoneAsync(http);
        });
        await using var server = await TestServer.StartAsync(("Downstream:BaseAddress", api.Address.AbsoluteUri));
        using var client = await TestClient.RegisterAsync(server);
        var token = (await client.SignInAsync()).Access;
        var session = await server.OpenSessionAsync(token);
        var headers =
            $"Host: {server.Address.Authority}\r\nAuthorization: Bearer {token}\r\nAccept: application/json, text/event-stream\r\n";
        var inSession = $"Mcp-Session-Id: {session}\r\n";
        const string Newest = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: make_authenticated_request\r\n";
        const string Meta =
            """ "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{} } """;
        var call = McpRequests.Message(
            "tools/call",
            $$$"""{"name":"make_authenticated_request","arguments":{"message":"slow"},{{{Meta}}} }"""
        );
        var plain = McpRequests.Call("make_authenticated_request", """{"message":"slow"}""");
        var text = when switch
        {
            "while its tool runs" =>
                $"{request} HTTP/1.1\r\n{headers}{inSession}Content-Type: application/json\r\nContent-Length: {plain.Length}\r\n\r\n{plain}",
            "while its tool runs without a session" =>
                $"{request} HTTP/1.1\r\n{headers}{Newest}Content-Type: application/json\r\nContent-Length: {call.Length}\r\n\r\n{call}",
            "on its stream" => $"{request} HTTP/1.1\r\n{headers}{inSession}\r\n",
            _ =>
                $"{request} HTTP/1.1\r\n{headers}Content-Type: {(request is "POST /mcp" or "POST /register" ? "application/json" : "application/x-www-form-urlencoded")}\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n",
        };

        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
            await socket.SendAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
            if (when.StartsWith("while", StringComparison.Ordinal))
                Assert.True(await arrived.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken));
            else // the first bytes of the answer, or the word to go on with the body
                Assert.NotEqual(0, await socket.ReceiveAsync(new byte[16], TestContext.Current.CancellationToken));
            if (when == "in the body")
                await socket.SendAsync("a"u8.ToArray(), TestContext.Current.CancellationToken);
            socket.Close(0); // a reset
        }

        await server.Log.NextAsync(line =>
            line.Contains($"\"{request.Replace(" ", "\" ", StringComparison.Ordinal)} 499", StringComparison.Ordinal)
        );
        await server.StopAsync();
        var trouble = server.Log.All.Where(line =>
            line.StartsWith("Error ", StringComparison.Ordinal) || line.Contains("   at ", StringComparison.Ordinal)
        );
        Assert.True(!trouble.Any(), string.Join('\n', trouble));
    }
}
