using System.Text.RegularExpressions;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What a newcomer reads on the first start in Development, and on the second.</summary>
public sealed class WelcomeTests : IDisposable
{
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task Prints_the_demo_account_once_and_how_to_connect_each_time()
    {
        var port = TestServer.FreePort();
        string password;
        await using (var first = await StartAsync(port))
        {
            password = Regex
                .Match(
                    Once(first.Output, "Sign in as demo"),
                    $"^Sign in as demo with the password ([A-Za-z0-9_-]{{16}}) at http://localhost:{port}/signin \\(shown this once\\)$"
                )
                .Groups[1]
                .Value;
            Assert.Equal($"OAuthMcp listens on http://localhost:{port}/mcp", Once(first.Output, "OAuthMcp listens"));
            Assert.Equal(
                $"Claude Code: claude mcp add --transport http oauthmcp http://localhost:{port}/mcp",
                Once(first.Output, "Claude Code")
            );
            Assert.Equal(
                $"Inspector:   npx @modelcontextprotocol/inspector, then Streamable HTTP and http://localhost:{port}/mcp",
                Once(first.Output, "Inspector:")
            );
            await AssertSignsInAsync(port, password);
            await StopAsync(first);
        }

        await using var second = await StartAsync(port);
        Assert.Equal($"OAuthMcp listens on http://localhost:{port}/mcp", Once(second.Output, "OAuthMcp listens"));
        Once(second.Output, "Claude Code");
        Once(second.Output, "Inspector:");
        Assert.Equal(
            $"Sign in as demo at http://localhost:{port}/signin (a new password: dotnet run --project src/Api -- users set-password demo)",
            Once(second.Output, "password")
        );
        Assert.DoesNotContain(password, second.Output, StringComparison.Ordinal);
        AssertWatchesNoFolder(second);
        await AssertSignsInAsync(port, password);
        await StopAsync(second);
    }

    [Fact]
    public async Task Production_says_that_nobody_is_trusted_to_end_TLS()
    {
        await using var server = ServerProcess.Start([.. Arguments(TestServer.FreePort()), "--public-url=https://mcp.example.com"]);
        await server.SaysAsync("serves https://mcp.example.com/mcp;");
        await server.SaysAsync("Server:TrustedProxies is empty");
        await StopAsync(server);
        Assert.DoesNotContain("OAuth:PublicUrl is not set", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_makes_no_account_and_says_nothing_of_one()
    {
        var port = TestServer.FreePort();
        await using var server = ServerProcess.Start(Arguments(port));
        await server.SaysAsync("is for clients on this machine alone");
        using (var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") })
            Assert.Equal(
                System.Net.HttpStatusCode.NotFound,
                (await http.GetAsync("/anything", TestContext.Current.CancellationToken)).StatusCode
            );
        await StopAsync(server);
        Assert.DoesNotContain("demo", server.Output, StringComparison.Ordinal);
        Assert.Matches(
            $@"OAuthMcp \d+\.\d+\.\d+\S* serves http://localhost:{port}/mcp; its data is in {data}/oauthmcp\.db; accounts: 0\.",
            server.Output
        );
        Assert.Contains(
            "Nobody can sign in yet: add an account with `OAuthMcp.Api users add <name>`.",
            server.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("password", server.Output, StringComparison.OrdinalIgnoreCase);
    }

    private string[] Arguments(int port) => ["--addr", $"localhost:{port}", $"--Server:DataDirectory={data}"];

    private async Task<ServerProcess> StartAsync(int port)
    {
        var server = ServerProcess.Start(Arguments(port), ("ASPNETCORE_ENVIRONMENT", "Development"));
        await server.SaysAsync("Inspector:");
        return server;
    }

    private static async Task StopAsync(ServerProcess server)
    {
        server.Terminate();
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
    }

    private static async Task AssertSignsInAsync(int port, string password)
    {
        using var browser = BrowserSteps.At(new Uri($"http://localhost:{port}"));
        await browser.OpenAsync("/signin");
        await browser.SignInAsync("demo", "not " + password);
        Assert.NotNull(browser.Page!.QuerySelector("[name=password]"));
        await browser.SignInAsync("demo", password);
        Assert.Null(browser.Page!.QuerySelector("[name=password]"));
        Assert.Contains(browser.Cookies, cookie => cookie.Name.Contains("oauthmcp-session", StringComparison.Ordinal));
    }

    /// <summary>The one line that holds this.</summary>
    // A watch of the kernel for each folder below the current one, which may be somebody's home.
    private static void AssertWatchesNoFolder(ServerProcess server) =>
        Assert.DoesNotContain(Directory.EnumerateFiles($"/proc/{server.Process.Id}/fdinfo").SelectMany(File.ReadLines), line =>
            line.StartsWith("inotify", StringComparison.Ordinal)
        );

    private static string Once(string output, string text) =>
        Assert.Single(output.Split('\n'), line => line.Contains(text, StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(data, recursive: true);
}
