using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>A session goes on with a call whose connection is gone, so whatever allowed the call has to hold without one.</summary>
public sealed class AbortedCallTests
{
    private const int Calls = 900;
    private const int AtOnce = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("Name", "false")]
    [InlineData("name", "true")]
    public async Task H1_an_aborted_call_never_does_more_than_an_unaborted_one(string member, string challengeInToolResults)
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await TestServer.StartAsync(
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            ("Mcp:ChallengeInToolResults", challengeInToolResults)
        );
        using var client = await TestClient.RegisterAsync(server);
        var reader = (await client.SignInAsync("alice", ("scope", "mcp.read"))).Access;
        var writer = (await client.SignInAsync("bob")).Access;
        var session = await server.OpenSessionAsync(reader);
        var body = McpRequests.Message(
            "tools/call",
            $$$"""{"{{{member}}}":"make_authenticated_request","arguments":{"message":"hello"} }"""
        );
        var started = Stopwatch.GetTimestamp();
        using (var refused = await server.PostMcpAsync(reader, body, ("Mcp-Session-Id", session)))
            Assert.True((bool?)(await refused.RpcAsync())["result"]?["isError"] ?? true);

        var longest = 2 * Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        var request = Encoding.ASCII.GetBytes(Raw(server, reader, session, body));
        await Parallel.ForAsync(
            0,
            Calls,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (call, ct) =>
            {
                if (Stopwatch.GetElapsedTime(started) < Limit)
                    await AbortAsync(server, request, new Random(call).NextDouble() * longest, ct);
            }
        );

        var other = await server.OpenSessionAsync(writer);
        using var allowed = await server.PostMcpAsync(
            writer,
            McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""),
            ("Mcp-Session-Id", other)
        );
        Assert.Equal("GET", (string?)(await allowed.RpcAsync())["result"]!["structuredContent"]!["method"]);
        Assert.Equal($"Bearer {writer}", Assert.Single(api.Requests).Authorization);
    }

    [Fact]
    public async Task H1_a_call_whose_connection_is_gone_has_its_caller_all_the_same()
    {
        var (arrived, goOn, done) = (Signal(), Signal(), Signal());
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await TestServer.StartAsync(
            services => services.AddMcpServer().WithMessageFilters(filters => filters.AddIncomingFilter(HoldAsync)),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            ("Mcp:ChallengeInToolResults", "true")
        );
        using var client = await TestClient.RegisterAsync(server);
        var reader = (await client.SignInAsync("alice", ("scope", "mcp.read"))).Access;
        var body = McpRequests.Call("make_authenticated_request", """{"message":"hello"}""");
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(server.Address.Host, server.Address.Port, TestContext.Current.CancellationToken);
            var request = Encoding.ASCII.GetBytes(Raw(server, reader, await server.OpenSessionAsync(reader), body));
            await socket.SendAsync(request, TestContext.Current.CancellationToken);
            await arrived.Task.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
            socket.Close(0);
        }

        await server.Log.NextAsync(line => line.Contains("/mcp 499", StringComparison.Ordinal));
        goOn.SetResult();
        await done.Task.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        Assert.Empty(api.Requests);

        McpMessageHandler HoldAsync(McpMessageHandler next) =>
            async (message, ct) =>
            {
                if (message.JsonRpcMessage is not JsonRpcRequest { Method: "tools/call" })
                {
                    await next(message, ct);
                    return;
                }

                arrived.SetResult();
                await goOn.Task;
                try
                {
                    await next(message, ct);
                }
                finally
                {
                    done.SetResult();
                }
            };
    }

    [Fact]
    public async Task H1_a_call_without_a_caller_is_refused()
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await TestServer.StartAsync(
            services =>
                services
                    .AddMcpServer()
                    .WithMessageFilters(filters =>
                        filters.AddIncomingFilter(next =>
                            (message, ct) =>
                            {
                                if (message.JsonRpcMessage is JsonRpcRequest { Method: "tools/call" })
                                    message.User = null;
                                return next(message, ct);
                            }
                        )
                    ),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri)
        );
        using var client = await TestClient.RegisterAsync(server);
        var writer = (await client.SignInAsync()).Access;
        using var refused = await server.PostMcpAsync(
            writer,
            McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""),
            ("Mcp-Session-Id", await server.OpenSessionAsync(writer))
        );
        Assert.True((bool?)(await refused.RpcAsync())["result"]!["isError"]);
        Assert.Empty(api.Requests);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Raw(TestServer server, string token, string session, string body) =>
        $"POST /mcp HTTP/1.1\r\nHost: {server.Address.Authority}\r\nAuthorization: Bearer {token}\r\nMcp-Session-Id: {session}\r\n"
        + $"Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static async Task AbortAsync(TestServer server, byte[] request, TimeSpan after, CancellationToken ct)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, ct);
        await socket.SendAsync(request, ct);
        await Task.Delay(after, ct);
        socket.Close(0); // a reset, which the server notices at once
    }
}
