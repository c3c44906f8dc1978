using System.Net;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A standard output that nobody reads, as a full pipe or a paused terminal.</summary>
public sealed class BlockedLogTests : IDisposable
{
    private const int Requests = 1_000; // more lines than a pipe holds, none of them a refusal, of which most are left out
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task F_50_M13_goes_on_serving_while_its_log_is_blocked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Takes a named pipe.");
        var (port, pipe) = (TestServer.FreePort(), Path.Combine(folder.Path, "pipe"));
        // The shell holds the pipe open in both directions, so that neither end is missing and nobody reads.
        await using var server = ServerProcess.StartProgram(
            "/bin/sh",
            [
                "-c",
                $"mkfifo '{pipe}' && exec 3<>'{pipe}' && exec \"$@\" >'{pipe}'",
                "sh",
                ServerProcess.Dotnet,
                ServerProcess.Executable,
                "--addr",
                $"localhost:{port}",
                $"--Server:DataDirectory={Path.Combine(folder.Path, "data")}",
            ]
        );
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        await AnswersAsync(http);
        for (var request = 0; request < Requests; request++)
            Assert.Equal(
                HttpStatusCode.OK,
                (await http.GetAsync("/.well-known/oauth-protected-resource/mcp", TestContext.Current.CancellationToken)).StatusCode
            );

        server.Terminate();
        await server.ExitAsync();
        Assert.Equal(0, server.Process.ExitCode);
    }

    private static async Task AnswersAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(ServerProcess.Patience);
        while (true)
            try
            {
                using var answer = await http.GetAsync("/health/live", limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Yield(); // it does not listen yet
            }
    }

    public void Dispose() => folder.Dispose();
}
