using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Packages;

/// <summary>What a developer begins with, from the packed files to a tool that the official client calls.</summary>
[Collection(nameof(Packed))]
public sealed partial class TemplateTests(PackedFeed feed)
{
    [Fact]
    public async Task Solution_builds_passes_its_tests_and_serves()
    {
        // Nothing of it is a name in C# as it stands.
        var folder = await feed.MakeAsync("oauth-mcp", "2nd-team.mcp-3.tools");
        var tests = await feed.Dotnet.RunAsync(folder, "test", "--no-build");
        Assert.Matches(@"failed: 0\s+succeeded: 7\s+skipped: 0", tests);

        var address = new Uri($"http://localhost:{TestServer.FreePort()}");
        await using var server = Start(folder, "src/Api", address, $"--Messages:BaseAddress={address}");
        Assert.Equal("hello", await CallAsync(server, address, "messages.write", "send_message", ("text", "hello")));
    }

    [Fact]
    public async Task File_builds_and_serves()
    {
        var folder = await feed.MakeAsync("oauth-mcp-minimal", "2nd-team.mcp-3");
        var address = new Uri($"http://localhost:{TestServer.FreePort()}");
        await using var server = Start(folder, ".", address);
        Assert.Equal("Hello demo.", await CallAsync(server, address, "greetings.read", "greet"));
    }

    private ServerProcess Start(string folder, string project, Uri address, params string[] options) =>
        feed.Dotnet.Start(folder, ["run", "--no-build", "--project", project, "--", "--urls", address.AbsoluteUri, .. options]);

    // As the account that the first start makes and names.
    private static async Task<string> CallAsync(
        ServerProcess server,
        Uri address,
        string scope,
        string tool,
        params (string Name, string Value)[] arguments
    )
    {
        var password = DemoPassword.Match(await server.NextLineAsync("Sign in as demo ")).Groups["password"].Value;
        await using var client = await SignedInClient.ConnectAsync(
            new Uri(address, "/mcp"),
            new User("demo", password),
            $"mcp.read {scope}",
            new McpClientOptions(),
            new KeptTokens()
        );
        var answer = await client.CallToolAsync(
            tool,
            arguments.ToDictionary(argument => argument.Name, argument => (object?)argument.Value),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text;
    }

    [GeneratedRegex(@"password (?<password>\S+) at ")]
    private static partial Regex DemoPassword { get; }
}
