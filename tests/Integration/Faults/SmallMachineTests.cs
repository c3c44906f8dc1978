using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>A machine that has too little of something.</summary>
public sealed class SmallMachineTests : IDisposable
{
    private const string Machine = "machine";
    private static readonly string Secret = new('s', 43);
    private static readonly string[] AsMachine =
    [
        $"--OAuth:Clients:0:ClientId={Machine}",
        $"--OAuth:Clients:0:ClientSecret={Secret}",
        "--OAuth:Clients:0:Scopes=mcp.read mcp.write",
        "--OAuth:Clients:0:GrantTypes:0=client_credentials",
        "--Limits:McpConcurrentPerUser=0",
    ];
    private readonly TemporaryFolder folder = new();
    private readonly HttpClient http = new() { Timeout = ServerProcess.Patience };

    [Fact]
    public async Task F_38_with_few_files_it_waits_for_room_and_goes_on()
    {
        await using var node = await FaultNode.StartUnderAsync(
            ["/bin/sh", "-c", "ulimit -n 512 && exec \"$@\"", "sh"],
            folder.Path,
            "--Downstream:BaseAddress=http://127.0.0.1:9"
        );
        var idle = Enumerable
            .Range(0, 1500)
            .Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            .ToList();
        try
        {
            var connecting = idle.Select(socket => socket.ConnectAsync(IPAddress.Loopback, node.Address.Port)).ToList();
            await Task.WhenAll(connecting.Take(300)).WaitAsync(ServerProcess.Soon, TestContext.Current.CancellationToken);
            Assert.Contains(connecting, connected => !connected.IsCompleted); // there is room for 512, and as many wait
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        await UntilServedAsync(node);
        Assert.False(node.Process.Process.HasExited);
        using var registered = await RegisterAsync(node);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
    }

    [Fact]
    public async Task F_39_with_little_memory_it_serves_or_says_503_and_keeps_what_it_said()
    {
        await using var node = await FaultNode.StartUnderAsync(
            ["/usr/bin/env", "DOTNET_GCHeapHardLimit=0x10000000"],
            folder.Path,
            "--Downstream:BaseAddress=http://127.0.0.1:9"
        );
        using var registered = await RegisterAsync(node);
        var client = (await registered.JsonAsync())!;
        var large = new string('x', 900_000);
        var asked = Enumerable
            .Range(0, 200)
            .Select(async turn =>
            {
                using var answer =
                    turn % 2 == 0
                        ? await http.PostAsync(
                            new Uri(node.Address, "/mcp"),
                            new StringContent($"{{\"x\":\"{large}\"}}", Encoding.UTF8, "application/json")
                        )
                        : await RegisterAsync(node);
                return answer.StatusCode;
            });
        Assert.All(await Task.WhenAll(asked), status =>
            Assert.True((int)status < 500 || status == HttpStatusCode.ServiceUnavailable, $"{status}")
        );

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Address, $"/register/{client["client_id"]}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string)client["registration_access_token"]!);
        using var read = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task F_40_on_one_core_with_200_calls_that_wait_it_says_that_it_lives()
    {
        await using var api = await StandIn.StartAsync(StandIn.GoneAsync);
        await using var node = await FaultNode.StartUnderAsync(
            ["/usr/bin/taskset", "-c", "0"],
            folder.Path,
            [.. AsMachine, $"--Downstream:BaseAddress={api.Address}"]
        );
        var token = await TokenAsync(node);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var waiting = Enumerable
            .Range(0, 200)
            .Select(async _ =>
            {
                using var request = StatelessCalls.Request(token, "make_authenticated_request", """{"message":"hello"}""");
                request.RequestUri = new Uri(node.Address, "/mcp");
                using var answer = await http.SendAsync(request, gone.Token);
            })
            .ToList();
        for (var look = 0; look < 10; look++)
        {
            var time = Stopwatch.StartNew();
            using var live = await http.GetAsync(new Uri(node.Address, "/health/live"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
            Assert.InRange(time.Elapsed, TimeSpan.Zero, Budget.Glance);
        }

        Assert.Contains(waiting, call => !call.IsCompleted);
        await gone.CancelAsync();
        await Task.WhenAny(Task.WhenAll(waiting)); // each was given up
    }

    [Fact]
    public async Task F_06_a_disk_that_fails_to_write_is_told_and_nothing_that_was_answered_is_lost()
    {
        Requires.Strace();
        var (kept, data) = (new List<JsonObject>(), Path.Combine(folder.Path, "data"));
        var port = TestServer.FreePort();
        var address = new Uri($"http://localhost:{port}");
        await using (var node = await FaultNode.StartAsync(port, address, data, null))
        {
            await KeepAsync(node);
            await using (var broken = TracedProcess.FailSyncs(node.Process.Process.Id))
            {
                await broken.SaysOnErrorAsync("attached");
                for (var failures = 0; failures < 5; failures++)
                {
                    using var answer = await RegisterAsync(node);
                    await answer.AssertErrorAsync(503, "temporarily_unavailable");
                }
            }

            await KeepAsync(node);
        }

        await using var later = await FaultNode.StartAsync(port, address, data, null);
        foreach (var client in kept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(later.Address, $"/register/{client["client_id"]}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string)client["registration_access_token"]!);
            using var read = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }

        async Task KeepAsync(FaultNode node)
        {
            for (var count = 0; count < 3; count++)
            {
                using var answer = await RegisterAsync(node);
                Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
                kept.Add(await answer.JsonAsync());
            }
        }
    }

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    private Task<HttpResponseMessage> RegisterAsync(FaultNode node) =>
        http.PostAsync(
            new Uri(node.Address, "/register"),
            JsonContent.Create(new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "none" }),
            TestContext.Current.CancellationToken
        );

    private async Task<string> TokenAsync(FaultNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node.Address, "/token"))
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "mcp.read mcp.write")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic",
            Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Machine}:{Secret}"))
        );
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (string)(await answer.JsonAsync())["access_token"]!;
    }

    private async Task UntilServedAsync(FaultNode node)
    {
        for (var waited = Stopwatch.StartNew(); ; )
            try
            {
                using var live = await http.GetAsync(new Uri(node.Address, "/health/live"), TestContext.Current.CancellationToken);
                if (live.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It has not seen yet that the others are gone.
                Assert.True(
                    waited.Elapsed < ServerProcess.Soon && !node.Process.Process.HasExited,
                    node.Process.Output + node.Process.Error
                );
            }
    }
}
