using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// The product with the suite's tools, prompts and resources, in a process of its own, behind a proxy that signs in for the suite.
/// </summary>
internal sealed class FixtureServer : IAsyncDisposable
{
    private const string Secret = "a-secret-of-the-suite-which-is-long-enough";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "OAuthMcp.ConformanceHost.dll");

    private readonly ServerProcess process;
    private readonly BearerProxy proxy;
    private readonly string dataDirectory;

    private FixtureServer(ServerProcess process, BearerProxy proxy, string dataDirectory, string url) =>
        (this.process, this.proxy, this.dataDirectory, Url) = (process, proxy, dataDirectory, url);

    /// <summary>Where the suite finds the endpoint.</summary>
    public string Url { get; }

    public static async Task<FixtureServer> StartAsync()
    {
        var (port, proxyPort, dataDirectory) = (TestServer.FreePort(), TestServer.FreePort(), TestServer.NewDataDirectory());
        var server = new Uri($"http://localhost:{port}");
        var process = ServerProcess.StartProgram(
            ServerProcess.Dotnet,
            [
                Program,
                $"--urls={server}",
                $"--OAuth:PublicUrl={server.GetLeftPart(UriPartial.Authority)}",
                $"--Server:DataDirectory={dataDirectory}",
                $"--Mcp:AllowedOrigins=http://localhost:{proxyPort}",
                "--OAuth:Clients:0:ClientId=suite",
                $"--OAuth:Clients:0:ClientSecret={Secret}",
                "--OAuth:Clients:0:Scopes=mcp.read",
            ]
        );
        try
        {
            await process.SaysAsync("Application started");
            return new FixtureServer(
                process,
                await BearerProxy.StartAsync(proxyPort, server, await TokenAsync(server)),
                dataDirectory,
                $"http://localhost:{proxyPort}/mcp"
            );
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await process.DisposeAsync();
        Directory.Delete(dataDirectory, recursive: true);
    }

    private static async Task<string> TokenAsync(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials" }),
        };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"suite:{Secret}")));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (string)(await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!["access_token"]!;
    }
}
