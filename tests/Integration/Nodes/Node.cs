using System.Net;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>One server process of several on one database. Reached directly it has an address of its own, and the name of all.</summary>
internal sealed class Node(Uri publicUrl, IReadOnlyList<string> arguments) : IReachable, IAsyncDisposable
{
    private readonly int port = TestServer.FreePort();
    private ServerProcess? process;

    public Uri Address => new($"http://localhost:{port}");
    public string Issuer => publicUrl.GetLeftPart(UriPartial.Authority);
    public string Resource => Issuer + "/mcp";

    /// <summary>What it wrote since it was started.</summary>
    public string Log => process!.Output + process.Error;

    public HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };

    public TestBrowser Browser() => BrowserSteps.At(Address);

    public async Task StartAsync()
    {
        process = ServerProcess.Start([
            $"--Server:Address=localhost:{port}",
            $"--Server:DataDirectory={TestServer.NewDataDirectory()}", // which nobody makes
            .. arguments,
        ]);
        for (var waits = 1; ; waits++)
            try
            {
                await process.SaysAsync("Application started");
                return;
            }
            catch (TimeoutException)
            {
                Assert.True(waits < 3, $"It does not start: {Log}"); // four that start at once are slow on a machine with other work
            }
    }

    /// <summary>As a service manager ends it: SIGTERM, and then a clean exit within the time that one gives.</summary>
    public async Task StopAsync()
    {
        process!.Terminate();
        await process.ExitAsync();
        Assert.True(process.Process.ExitCode == 0, Log);
        await DisposeAsync();
    }

    /// <summary>SIGKILL.</summary>
    public ValueTask KillAsync() => DisposeAsync();

    public async Task<HttpStatusCode> ProbeAsync(HttpClient http, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(Address, "/health/ready"), ct);
        return answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
            await process.DisposeAsync();
        process = null;
    }
}
