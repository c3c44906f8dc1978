using System.Globalization;
using System.Text.RegularExpressions;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Samples;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Packages;

/// <summary>Does what docs/tutorial.md says, block by block, with the packages of this build and a GitHub of the tests.</summary>
[Collection(nameof(Packed))]
public sealed partial class TutorialTests(PackedFeed feed) : IDisposable
{
    private const int Steps = 10;

    private readonly TemporaryFolder work = new();
    private readonly Uri address = new($"http://localhost:{TestServer.FreePort()}");
    private readonly List<string> answers = [];
    private UpstreamStandIn gitHub = null!;
    private ServerProcess? server;
    private string folder = "";

    [GeneratedRegex(@"^## (?<number>\d+)\. .*?(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Step { get; }

    [GeneratedRegex(@"^```(?<language>\w+) ?(?<file>[\w.]*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [GeneratedRegex(@"password (?<password>\S+) at ")]
    private static partial Regex DemoPassword { get; }

    [Fact]
    public async Task Ten_steps_lead_from_an_empty_folder_to_the_repositories_of_whoever_signs_in()
    {
        folder = work.Path;
        gitHub = await GitHubStandIn.StartAsync();
        await using var _ = gitHub;
        var tutorial = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Folder, "docs", "tutorial.md"),
            TestContext.Current.CancellationToken
        );
        var steps = Step.Matches(tutorial).ToList();
        Assert.Equal(
            Enumerable.Range(1, Steps),
            steps.Select(step => int.Parse(step.Groups["number"].Value, CultureInfo.InvariantCulture))
        );
        try
        {
            foreach (var step in steps)
            {
                var blocks = Block.Matches(step.Value);
                Assert.NotEmpty(blocks);
                foreach (var block in blocks.Select(block => block.Groups))
                    if (block["language"].Value == "sh")
                        foreach (var command in block["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                            await DoAsync(command, step.Value);
                    else
                        await File.WriteAllTextAsync(
                            Path.Combine(folder, block["file"].Value),
                            block["text"].Value,
                            TestContext.Current.CancellationToken
                        );
            }
        }
        finally
        {
            await StopAsync();
        }

        Assert.Equal(2, answers.Count);
        Assert.Contains("Hello demo.", answers[0], StringComparison.Ordinal);
        Assert.Contains("octocat/hello-world", answers[1], StringComparison.Ordinal);
    }

    private async Task DoAsync(string command, string step)
    {
        switch (command.Split(' '))
        {
            case ["cd", var name]:
                folder = Path.Combine(folder, name);
                break;
            case ["dotnet", "new", "install", var package]:
                Assert.True(File.Exists(Path.Combine(feed.Folder, $"{package}.{PackedFeed.Version}.nupkg")), package);
                break; // which it was installed from, for all tests
            case ["dotnet", "new", .. var template]:
                await feed.Dotnet.RunAsync(folder, ["new", .. template, "--feed", feed.Folder]);
                break;
            case ["dotnet", "run"]:
                await StartAsync();
                break;
            case ["dotnet", .. var arguments]:
                await feed.Dotnet.RunAsync(folder, arguments.Select(Registered));
                break;
            case ["claude", "mcp", "add", "--transport", "http", "repositories", "http://localhost:8080/mcp"]:
                await CallAsync(step.Contains("`greet`", StringComparison.Ordinal) ? "greet" : "list_repositories");
                break;
            default:
                Assert.Fail($"No test does this: {command}");
                break;
        }

        // What the registration at GitHub gives.
        static string Registered(string argument) =>
            argument
                .Replace("<client-secret>", UpstreamStandIn.ClientSecret, StringComparison.Ordinal)
                .Replace("<client-id>", UpstreamStandIn.ClientId, StringComparison.Ordinal);
    }

    // GitHub is not reached from here. Keys of the command line win.
    private async Task StartAsync()
    {
        await StopAsync();
        string[] elsewhere = File.Exists(Path.Combine(folder, "appsettings.json"))
            ? [$"--Upstream:BaseUrl={gitHub.BaseUrl}", $"--Downstream:BaseAddress={gitHub.BaseUrl}/api/v3"]
            : [];
        await feed.Dotnet.RunAsync(folder, "build");
        server = feed.Dotnet.Start(folder, ["run", "--no-build", "--", "--urls", address.AbsoluteUri, .. elsewhere]);
        await server.SaysAsync("Claude Code:");
    }

    private async Task CallAsync(string tool)
    {
        using var client = new SampleClient();
        var signIn = await client.AskedAsync(
            new Uri(address, "/mcp").AbsoluteUri,
            async link =>
            {
                using var browser = BrowserSteps.At(address, gitHub.Socket.Address);
                return DemoPassword.Match(server!.Output) is { Success: true } demo && tool == "greet"
                    ? await browser.AllowAsync(link.AbsoluteUri, "demo", demo.Groups["password"].Value)
                    : await browser.AllowAsync(link.AbsoluteUri);
            },
            "call",
            tool
        );
        Assert.True(signIn.Run.ExitCode == 0, signIn.Run.Error + server!.Output);
        answers.Add(signIn.Run.Output);
    }

    private async Task StopAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    public void Dispose() => work.Dispose();
}
