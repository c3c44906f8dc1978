using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>
/// The official clients behind a proxy that cuts what is silent: however many calls they give up or lose, the same user's other client
/// is served, and nothing is left running.
/// </summary>
public sealed class ImpatientClientTests
{
    private const int Calls = 100;
    private const int Share = 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task K_02_the_TypeScript_client_gives_up_a_hundred_calls()
    {
        Requires.Package("@modelcontextprotocol/sdk");
        await using var slow = await SlowApi.StartAsync();
        var port = TestServer.FreePort();
        await using var proxy = CuttingProxy.Start(new Uri($"http://localhost:{port}"));
        await using var server = await StartAsync(slow, proxy, port);
        using var browser = server.Browser();
        await using var other = await OfficialClient.ConnectAsync(server, browser, new OfficialClient.Tokens());
        await using var client = DrivenClient.Start("typescript.mjs", "@modelcontextprotocol/sdk", "legacy", server.Resource);
        await client.SignInAsync(browser);
        Assert.Equal("2025-11-25", (string?)await client.SaysAsync("connected"));
        proxy.Silence = Silence;
        foreach (var how in new[] { "timeouts", "cancellations" })
        {
            await client.WishAsync($"{how} {Calls}");
            var givenUp = client.SaysAsync(how);
            while (await Task.WhenAny(givenUp, slow.NextArrival) != givenUp)
                await AssertServedAsync(other);
            Assert.Equal(Calls, (int)await givenUp);
        }

        await client.WishAsync("end"); // for the call of which the proxy cut the cancellation too
        await client.SaysAsync("ended");
        await slow.HoldsAsync(0);
        await AssertWholeShareAsync(other, slow);
        Assert.NotEqual(0, proxy.Cut);
    }

    [Theory]
    [InlineData("2025-11-25", Share)]
    [InlineData("2026-07-28", 0)]
    public async Task K_02_the_CSharp_client_loses_and_gives_up_a_hundred_calls(string revision, int abandoned)
    {
        await using var slow = await SlowApi.StartAsync();
        var port = TestServer.FreePort();
        await using var proxy = CuttingProxy.Start(new Uri($"http://localhost:{port}"));
        await using var server = await StartAsync(slow, proxy, port);
        using var browser = server.Browser();
        await using var other = await OfficialClient.ConnectAsync(server, browser, new OfficialClient.Tokens());
        var client = await OfficialClient.ConnectAsync(server, browser, new OfficialClient.Tokens(), revision);
        await using (client)
        {
            Assert.Equal(revision, client.NegotiatedProtocolVersion);
            proxy.Silence = Silence;
            for (var round = 0; round < 2; round++)
            {
                var lost = Enumerable.Range(0, Share - 1).Select(_ => CallAsync(client, CancellationToken.None)).ToList();
                foreach (var call in lost)
                    Assert.True(
                        await Record.ExceptionAsync(() => call.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken))
                            is McpException
                                or HttpRequestException
                    );
                await AssertServedAsync(other);
            }

            await slow.HoldsAsync(abandoned);
            if (client.SessionId is not null)
                await AssertHearsAsync(server, client); // on the stream that was cut too
            for (var call = 0; call < Calls; call++)
                await GiveUpAsync(client, stop => stop.CancelAfter(Limit), other);
            for (var call = 0; call < Calls; call++)
                await GiveUpAsync(client, stop => slow.NextArrival.ContinueWith(_ => stop.Cancel(), TaskScheduler.Default), other);
            await AssertServedAsync(other);
            Assert.NotEqual(0, proxy.Cut);
        }

        await slow.HoldsAsync(0);
        await AssertWholeShareAsync(other, slow);
    }

    /// <summary>A server whose public address is the proxy's.</summary>
    private static Task<TestServer> StartAsync(SlowApi slow, CuttingProxy proxy, int port) =>
        TestServer.StartAsync(
            TestServer.NewDataDirectory(),
            proxy.Address.Port,
            ("Server:Address", $"localhost:{port}"),
            ("OAuth:PublicUrl", proxy.Address.GetLeftPart(UriPartial.Authority)),
            ("Downstream:BaseAddress", slow.Address),
            ("Limits:McpConcurrentPerUser", $"{Share}")
        );

    private static async Task GiveUpAsync(McpClient client, Action<CancellationTokenSource> how, McpClient other)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        how(stop);
        var call = CallAsync(client, stop.Token);
        await AssertServedAsync(other);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(ServerProcess.Patience));
    }

    private static async Task AssertServedAsync(McpClient client)
    {
        var me = await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("alice", me.StructuredContent!.Value.GetProperty("userName").GetString());
    }

    private static async Task AssertWholeShareAsync(McpClient client, SlowApi slow)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var calls = Enumerable.Range(0, Share).Select(_ => CallAsync(client, stop.Token)).ToList();
        await slow.HoldsAsync(Share);
        await stop.CancelAsync();
        foreach (var call in calls)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(ServerProcess.Patience));
    }

    /// <summary>What is said while a client is about to listen again is lost, so it is said until the client has heard it.</summary>
    private static async Task AssertHearsAsync(TestServer server, McpClient client)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            heard.TrySetResult();
            return default;
        });
        var tools = server.App.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection!;
        using var patience = new CancellationTokenSource(ServerProcess.Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var said = 0; !heard.Task.IsCompleted; said++)
        {
            tools.Add(McpServerTool.Create(() => "new", new McpServerToolCreateOptions { Name = $"new_{said}" }));
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static Task<CallToolResult> CallAsync(McpClient client, CancellationToken stop) =>
        client
            .CallToolAsync("make_authenticated_request", new Dictionary<string, object?> { ["message"] = "slow" }, cancellationToken: stop)
            .AsTask();
}
