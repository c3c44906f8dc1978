using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>The stdio server from outside: what it writes, opens, inherits and leaves.</summary>
public sealed class StdioProcessTests
{
    private const string Key = "sk-live-0123456789abcdef";
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private static readonly string[] Bad =
    [
        "",
        " ",
        "\t",
        "hello",
        "{",
        "}",
        "[",
        "[]",
        "null",
        "true",
        "42",
        "\"text\"",
        "{}",
        "\0",
        "\u001b[2J",
        "%s%n",
        "{\"jsonrpc\":\"2.0\"}",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
        """{"jsonrpc":"1.0","id":"bad","method":"ping"}""",
        """{"jsonrpc":"2.0","id":{},"method":"ping"}""",
        """{"jsonrpc":"2.0","id":"bad","method":7}""",
        """{"jsonrpc":"2.0","id":"bad","method":"no/such"}""",
        """{"jsonrpc":"2.0","id":"bad","method":"tools/call"}""",
        """{"jsonrpc":"2.0","id":"bad","method":"tools/call","params":[]}""",
        """{"jsonrpc":"2.0","id":"bad","method":"tools/call","params":{"name":"no_such_tool"}}""",
        """{"jsonrpc":"2.0","id":"bad","method":"tools/call","params":{"name":"make_authenticated_request","arguments":{"message":5}}}""",
        """{"jsonrpc":"2.0","id":"bad","method":"tools/call","params":{"name":"make_authenticated_request"}}""",
        """{"jsonrpc":"2.0","method":"notifications/no_such"}""",
        """{"jsonrpc":"2.0","id":"stray","result":{}}""",
        """{"jsonrpc":"2.0","id":"stray","error":{"code":1,"message":"x"}}""",
        new string('x', 100_000),
        new string('[', 100_000),
    ];

    [Fact]
    public async Task S_02_writes_nothing_but_answers_whatever_it_reads()
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await StartAsync("--downstream", api.Address.AbsoluteUri, "--log-level", "Verbose");
        var good = 0;
        for (var round = 0; round < 10; round++)
            foreach (var bad in Bad)
            {
                await server.Process.StandardInput.WriteLineAsync(bad);
                var call =
                    ++good % 2 == 0
                        ? """{"name":"show_auth_token"}"""
                        : """{"name":"make_authenticated_request","arguments":{"message":"hello"}}""";
                await server.Process.StandardInput.WriteLineAsync(
                    $$$"""{"jsonrpc":"2.0","id":"good-{{{good}}}","method":"tools/call","params":{{{call}}}}"""
                );
            }

        for (var id = 1; id <= good; id++)
            await server.SaysAsync($"\"id\":\"good-{id}\"");
        server.Process.StandardInput.Close();
        await server.ExitAsync();

        var lines = server
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => Assert.IsType<JsonObject>(JsonNode.Parse(line)))
            .ToList();
        Assert.All(lines, line => Assert.Equal("2.0", (string?)line["jsonrpc"]));
        var answers = lines.Where(line => line["id"]?.ToString().StartsWith("good-", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(good, answers.Count);
        Assert.All(answers, answer => Assert.NotEqual(true, (bool?)answer["result"]!["isError"]));
        Assert.Equal(good / 2, api.Requests.Count);
        Assert.DoesNotContain(Key, server.Output + server.Error, StringComparison.Ordinal);
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Fact]
    public async Task S_01_opens_no_socket_to_listen_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await StartAsync("--downstream", api.Address.AbsoluteUri);
        await CallAsync(server, "make_authenticated_request");

        Assert.Empty(Listening(server.Process.Id));
        Assert.NotEmpty(Listening(Environment.ProcessId)); // the stand-in's: the look is one that finds something
    }

    [Fact]
    public async Task S_04_keeps_the_token_out_of_the_environment_of_children()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks into /proc.");
        await using var server = await StartAsync();
        await CallAsync(server, "show_auth_token");
        Assert.All(Directory.GetDirectories($"/proc/{server.Process.Id}/task"), thread =>
            Assert.Equal("", File.ReadAllText(Path.Combine(thread, "children")))
        );

        Environment.SetEnvironmentVariable("API_KEY", Key);
        using var host = StdioServer.Build(new Dictionary<string, string?>());
        using var child = Process.Start(new ProcessStartInfo("/usr/bin/env") { RedirectStandardOutput = true })!;
        var environment = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("PATH=", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, environment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task S_05_ends_within_two_seconds(bool bySignal, bool whileACallRuns)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var api = await StandIn.StartAsync(async http =>
        {
            arrived.TrySetResult();
            var gone = new TaskCompletionSource();
            await using var _ = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        await using var server = await StartAsync("--downstream", api.Address.AbsoluteUri);
        if (whileACallRuns)
        {
            await WriteCallAsync(server, "make_authenticated_request");
            await arrived.Task.WaitAsync(ServerProcess.Patience, TestContext.Current.CancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        if (bySignal)
            server.Terminate();
        else
            server.Process.StandardInput.Close();
        await server.ExitAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Promised);
        Assert.Equal(0, server.Process.ExitCode);
    }

    private static async Task<ServerProcess> StartAsync(params string[] arguments)
    {
        var server = ServerProcess.Start(["-transport=stdio", .. arguments], ("API_KEY", Key));
        await server.Process.StandardInput.WriteLineAsync(
            """{"jsonrpc":"2.0","id":"first","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}"""
        );
        await server.Process.StandardInput.WriteLineAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        await server.SaysAsync("\"id\":\"first\"");
        return server;
    }

    private static Task WriteCallAsync(ServerProcess server, string tool) =>
        server.Process.StandardInput.WriteLineAsync(
            $$$$"""{"jsonrpc":"2.0","id":"call","method":"tools/call","params":{"name":"{{{{tool}}}}","arguments":{"message":"hello"}}}"""
        );

    private static async Task CallAsync(ServerProcess server, string tool)
    {
        await WriteCallAsync(server, tool);
        await server.SaysAsync("\"id\":\"call\"");
    }

    /// <summary>The process's own sockets in state LISTEN (0A), or bound for datagrams.</summary>
    private static List<string> Listening(int process)
    {
        var own = Directory
            .GetFiles($"/proc/{process}/fd")
            .Select(descriptor => new FileInfo(descriptor).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target[8..^1])
            .ToHashSet();
        return
        [
            .. new[] { "tcp", "tcp6", "udp", "udp6" }
                .SelectMany(protocol =>
                    File.ReadLines($"/proc/{process}/net/{protocol}")
                        .Skip(1)
                        .Select(row => (protocol, fields: row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
                )
                .Where(row =>
                    own.Contains(row.fields[9]) && (row.fields[3] == "0A" || row.protocol.StartsWith("udp", StringComparison.Ordinal))
                )
                .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.protocol} {row.fields[1]}")),
        ];
    }
}
