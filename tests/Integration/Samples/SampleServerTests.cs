using System.Text.RegularExpressions;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Samples;

/// <summary>The sample servers and the sample client of forty lines, as somebody runs them who tries them.</summary>
public sealed partial class SampleServerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string address = $"http://localhost:{TestServer.FreePort()}";

    [GeneratedRegex(@"Sign in as demo with the password (\S+) at")]
    private static partial Regex Password { get; }

    [GeneratedRegex(@"^http\S+code_challenge\S+$", RegexOptions.Multiline)]
    private static partial Regex Link { get; }

    [Fact]
    public async Task Three_lines_are_a_server_and_forty_a_client()
    {
        await using var server = Start("MinimalServer");
        await server.SaysAsync("Claude Code:");
        await using var client = ServerProcess.StartProgram(ServerProcess.Dotnet, [ProgramOf("MinimalClient"), address + "/mcp"]);
        await client.SaysOnErrorAsync("code_challenge_method=S256");
        using var browser = new TestBrowser(new Uri(address), [], TestContext.Current.CancellationToken);
        await browser.OpenAsync(Link.Match(client.Error).Value);
        await browser.SignInAsync("demo", Password.Match(server.Output).Groups[1].Value);
        Assert.Contains("Roll dice for you", browser.Text, StringComparison.Ordinal);
        await browser.SubmitAsync("Allow");
        using (var http = new HttpClient())
            await http.GetStringAsync(browser.Location, TestContext.Current.CancellationToken);
        await client.ExitAsync();
        Assert.Equal((0, "roll_dice: Rolls up to a hundred dice and returns what each shows.\n"), (client.Process.ExitCode, client.Output));
    }

    [Fact]
    public async Task A_tool_reads_the_repositories_of_whoever_signed_in_with_GitHub()
    {
        await using var gitHub = await GitHubStandIn.StartAsync();
        await using var server = Start(
            "GitHubServer",
            $"--Upstream:BaseUrl={gitHub.BaseUrl}",
            $"--Upstream:ClientId={UpstreamStandIn.ClientId}",
            $"--Upstream:ClientSecret={UpstreamStandIn.ClientSecret}",
            $"--Downstream:BaseAddress={gitHub.BaseUrl}/api/v3"
        );
        await server.SaysAsync("listens on");
        using var client = new SampleClient();
        var signIn = await client.AskedAsync(
            address + "/mcp",
            async link =>
            {
                using var browser = new TestBrowser(new Uri(address), [gitHub.Socket.Address], TestContext.Current.CancellationToken);
                return await browser.AllowAsync(link.AbsoluteUri);
            },
            "call",
            "list_repositories"
        );
        Assert.True(signIn.Run.ExitCode == 0, signIn.Run.Error + server.Output);
        Assert.Contains("octocat/hello-world", signIn.Run.Output, StringComparison.Ordinal);
        Assert.Equal("read:user repo", gitHub.Authorizations.Single()["scope"]);
    }

    [Fact]
    public async Task A_program_names_the_API_that_it_calls()
    {
        await using var server = Start("GitHubServer", "--Upstream:ClientId=x", "--Upstream:ClientSecret=y", "--Downstream:BaseAddress=");
        await server.ExitUnlessAsync(server.SaysAsync("listens on"));
        Assert.Equal(1, server.Process.ExitCode);
        Assert.StartsWith("Downstream:BaseAddress", server.Error, StringComparison.Ordinal);
    }

    private ServerProcess Start(string sample, params string[] arguments) =>
        ServerProcess.StartProgram(
            ServerProcess.Dotnet,
            [
                ProgramOf(sample),
                "--contentRoot",
                Path.Combine(Checkout.Folder, "samples", sample),
                "--environment",
                "Development",
                "--urls",
                address,
                $"--Server:DataDirectory={folder.Path}/data",
                .. arguments,
            ]
        );

    // Beside its source, since each has an appsettings.json of its own.
    private static string ProgramOf(string sample)
    {
        var output = Path.GetRelativePath(Path.Combine(Checkout.Folder, "tests", "Integration"), AppContext.BaseDirectory);
        return Path.Combine(Checkout.Folder, "samples", sample, output, $"OAuthMcp.{sample}.dll");
    }

    public void Dispose() => folder.Dispose();
}
