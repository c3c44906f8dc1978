using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The page that says how to connect.</summary>
public sealed class HomePageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Fact]
    public async Task Has_every_client_of_the_documents_folded_with_the_address_of_this_server()
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/");
        var ways = browser.Page!.QuerySelectorAll("details.way");
        Assert.All(ways, way => Assert.False(way.HasAttribute("open")));
        var text = string.Join('\n', ways.Select(way => way.TextContent));
        foreach (
            var client in new[]
            {
                "Claude Code",
                "claude.ai, Claude Desktop",
                "ChatGPT",
                "VS Code",
                "Cursor",
                "Codex",
                "Gemini CLI",
                "GitHub Copilot CLI",
                "opencode",
                "LM Studio",
                "Kimi Code",
                "Copilot Studio, Perplexity, Grok",
                "MCP Inspector",
                "mcp-remote",
            }
        )
            Assert.Contains(client, text, StringComparison.Ordinal);
        Assert.DoesNotContain("{0}", text, StringComparison.Ordinal);
        Assert.All(ways.Where(way => way.QuerySelector("code")!.TextContent != "npx @modelcontextprotocol/inspector"), way =>
            Assert.Contains(server.Resource, way.QuerySelector("code")!.TextContent, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Says_which_clients_cannot_reach_an_address_of_this_computer()
    {
        Assert.Equal(["Claude (claude.ai, Claude Desktop)", "ChatGPT", "Copilot Studio, Perplexity, Grok"], await UnreachableAsync(server));
        await using var known = await TestServer.StartAsync(TestServer.BehindProxy);
        Assert.Empty(await UnreachableAsync(known));
    }

    [Fact]
    public async Task Says_what_the_server_is_for_whose_it_is_and_calls_it_by_its_name()
    {
        await using var own = await TestServer.StartAsync(
            ("Branding:Name", "Acme Tools (Beta)"),
            ("Branding:Description", "Reads <your> orders."),
            ("Branding:Operator", "Acme & Sons")
        );
        using var browser = own.Browser();
        await browser.OpenAsync("/");
        Assert.Equal("Reads <your> orders.", browser.Page!.QuerySelector(".purpose")!.TextContent);
        Assert.Equal("Operated by Acme & Sons", browser.Page.QuerySelector(".purpose + .hint")!.TextContent);
        Assert.Equal(
            $"claude mcp add --transport http acme-tools-beta {own.Resource}",
            browser.Page.QuerySelector("details.way code")!.TextContent
        );
    }

    // The button is there for whoever can use it; copy.js shows it.
    [Fact]
    public async Task Hides_what_needs_a_script_until_the_script_runs()
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/");
        var buttons = browser.Page!.QuerySelectorAll("button[data-copy]");
        Assert.NotEmpty(buttons);
        Assert.All(buttons, button => Assert.True(button.HasAttribute("hidden")));
        Assert.All(buttons, button => Assert.NotNull(browser.Page.GetElementById(button.GetAttribute("data-copy")!)));
    }

    private static async Task<IEnumerable<string>> UnreachableAsync(TestServer server)
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/");
        return [.. browser.Page!.QuerySelectorAll("details.way:has(.warning)").Select(way => way.QuerySelector("summary")!.TextContent)];
    }
}
