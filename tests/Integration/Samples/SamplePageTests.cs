using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Samples;

/// <summary>The sample client where a server wants its user to look at a page (MCP elicitation, in its URL mode).</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SamplePageTests : IDisposable
{
    private const string Page = "https://auth.example/link?account=$(touch+opened)&y='#here";

    private readonly SampleClient client = new();
    private readonly Desktop desktop = new();

    [Fact]
    public async Task X_03_shows_the_page_where_an_account_is_linked_and_the_call_goes_on()
    {
        await using var upstream = await UpstreamServer.GitHubAsync(("Accounts:Local", "true"));
        await client.SignInAsync(upstream.Server);
        await using var run = client.Start(
            upstream.Server.Resource,
            ["call", "make_authenticated_request", "--arg", "message=hello"],
            desktop.Environment
        );
        await run.SaysOnErrorAsync("Open it?");
        Assert.Contains($"{upstream.Server.Resource} asks you to open a page: ", run.Error, StringComparison.Ordinal);
        Assert.Contains($"\n{upstream.Server.Issuer}/connections\n", run.Error, StringComparison.Ordinal);
        Assert.Null(desktop.Opened);

        await run.Process.StandardInput.WriteLineAsync("yes");
        await run.SaysOnErrorAsync("Press Enter");
        (await LinkTests.LinkAsync(upstream, "alice")).Dispose();
        await run.Process.StandardInput.WriteLineAsync();
        await run.ExitAsync();
        Assert.True(run.Process.ExitCode == 0, run.Error);
        Assert.Equal("hello", (string?)JsonNode.Parse(run.Output)!["args"]!["message"]);
    }

    [Theory]
    [InlineData("yes\n\n", "accept", true)]
    [InlineData("no\n", "decline", false)]
    [InlineData("\n", "decline", false)]
    [InlineData("", "cancel", false)]
    public async Task S_06_opens_a_page_after_a_yes_alone(string typed, string action, bool isOpened)
    {
        var run = await CallAsync(Page, typed);
        Assert.Equal((0, action + "\n"), (run.ExitCode, run.Output));
        Assert.Contains("auth.example, which is another host than the server's", run.Error, StringComparison.Ordinal);
        Assert.Contains($"\n{Page}\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(isOpened ? Page : null, desktop.Opened?.Single());
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("vscode://settings")]
    [InlineData("http://auth.example/link")]
    [InlineData("https://user@auth.example/link")]
    [InlineData("/etc/passwd")]
    [InlineData("--new-window")]
    public async Task S_06_does_not_even_ask_about_a_page_that_is_not_safe(string page)
    {
        var run = await CallAsync(page, "yes\n\n");
        Assert.Equal((0, "decline\n"), (run.ExitCode, run.Output));
        Assert.Contains($"not safe to open: {page}", run.Error, StringComparison.Ordinal);
        Assert.Null(desktop.Opened);
    }

    [Fact]
    public async Task Warns_of_a_name_that_may_look_like_another()
    {
        var run = await CallAsync("https://xn--pple-43d.example/", "no\n");
        Assert.Contains("It is at xn--pple-43d.example", run.Error, StringComparison.Ordinal);
        Assert.Contains("letters that may look like others", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A call of a tool that asks for this page, by a user who has signed in and types this.</summary>
    private async Task<SampleClient.Run> CallAsync(string page, string typed)
    {
        await using var server = await new ForeignServer { Page = page }.StartAsync();
        await client.AskedAsync(server.Url, ForeignUsers.Allow);
        await using var run = client.Start(server.Url, ["call", "link"], desktop.Environment);
        await run.Process.StandardInput.WriteAsync(typed);
        run.Process.StandardInput.Close();
        await run.ExitAsync();
        return SampleClient.Run.Of(run);
    }

    public void Dispose()
    {
        client.Dispose();
        desktop.Dispose();
    }
}
