using System.Net;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What a stop does to what runs: calls end, and whoever probes is told before the door closes.</summary>
public sealed class StopTests : IDisposable
{
    private const string Secret = "a-secret-of-an-operator-which-is-long-enough";
    private const string Call =
        """{"name":"make_authenticated_request","arguments":{"message":"hello"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}""";
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task M2_lets_a_running_call_end()
    {
        var (arrived, released) = (Signal(), Signal());
        await using var api = await StandIn.StartAsync(async http =>
        {
            arrived.TrySetResult();
            await released.Task;
            await StandIn.AnythingAsync(http);
        });
        var port = TestServer.FreePort();
        await using var server = await StartAsync(port, "--downstream", api.Address.AbsoluteUri);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        var call = CallAsync(http);
        Assert.Same(arrived.Task, await Task.WhenAny(arrived.Task, call));

        server.Terminate();
        await server.SaysAsync("Application is shutting down");
        // The API takes longer than the two seconds that a command line would give. The process lives on, or there is nobody to answer.
        await Task.WhenAny(server.ExitAsync(), Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken));
        released.TrySetResult();

        Assert.Contains("anything?message=hello", await call, StringComparison.Ordinal);
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
    }

    [Fact]
    public async Task F_35_ends_streams_at_once_lets_calls_end_and_leaves_with_0()
    {
        var (arrived, released) = (Signal(), Signal());
        await using var api = await StandIn.StartAsync(async http =>
        {
            arrived.TrySetResult();
            await released.Task;
            await StandIn.AnythingAsync(http);
        });
        var port = TestServer.FreePort();
        await using var server = await StartAsync(port, "--downstream", api.Address.AbsoluteUri);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        var token = await TokenAsync(http);
        using var opened = await http.SendAsync(McpRequests.Request(token), TestContext.Current.CancellationToken);
        using var listening = McpRequests.Request(token, null, ("Mcp-Session-Id", opened.Headers.GetValues("Mcp-Session-Id").Single()));
        (listening.Method, listening.Content) = (HttpMethod.Get, null);
        using var stream = await http.SendAsync(listening, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        var heard = stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var call = CallAsync(http);
        Assert.Same(arrived.Task, await Task.WhenAny(arrived.Task, call));

        server.Terminate();
        await heard.WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken); // a reset would throw
        Assert.False(call.IsCompleted);
        released.TrySetResult();
        Assert.Contains("anything?message=hello", await call, StringComparison.Ordinal);
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
    }

    [Fact]
    public async Task M2_tells_whoever_probes_before_the_door_closes()
    {
        var port = TestServer.FreePort();
        await using var server = await StartAsync(port, "--Server:StopDelay=00:00:20");
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        Assert.Equal(HttpStatusCode.OK, await ProbeAsync(http));

        server.Terminate();
        await server.SaysAsync("Application is shutting down");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ProbeAsync(http));
        using var answer = await http.GetAsync("/.well-known/oauth-authorization-server", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("00:00:26")]
    [InlineData("-00:00:01")]
    public async Task Refuses_a_delay_that_the_host_would_cut(string delay)
    {
        var (exitCode, _, error) = await ServerProcess.RunAsync([$"--Server:StopDelay={delay}", $"--Server:DataDirectory={data}"]);
        Assert.Equal((1, "Server:StopDelay must be between 00:00:00 and 00:00:25.\n"), (exitCode, error));
    }

    private async Task<ServerProcess> StartAsync(int port, params string[] arguments)
    {
        var server = ServerProcess.Start([
            "--addr",
            $"localhost:{port}",
            $"--Server:DataDirectory={data}",
            "--OAuth:Clients:0:ClientId=machine",
            $"--OAuth:Clients:0:ClientSecret={Secret}",
            "--OAuth:Clients:0:Scopes=mcp.write",
            "--OAuth:Clients:0:TokenEndpointAuthMethod=client_secret_post",
            .. arguments,
        ]);
        await server.SaysAsync("Application started");
        return server;
    }

    private static async Task<HttpStatusCode> ProbeAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<string> TokenAsync(HttpClient http)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", "machine"),
            new("client_secret", Secret),
        ]);
        using var issued = await http.PostAsync("/token", form, TestContext.Current.CancellationToken);
        return (string)(await issued.JsonAsync())["access_token"]!;
    }

    private static async Task<string> CallAsync(HttpClient http)
    {
        using var request = McpRequests.Request(
            await TokenAsync(http),
            McpRequests.Message("tools/call", Call),
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", "tools/call"),
            ("Mcp-Name", "make_authenticated_request")
        );
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }
}
