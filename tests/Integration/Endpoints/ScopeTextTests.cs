using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>What people read of a scope, as the tools declare it or the operator words it.</summary>
public sealed class ScopeTextTests
{
    private const string All = "mcp.read repo:delete repo:write billing account:close reports.1";

    [Fact]
    public async Task Consent_says_what_the_tools_say_and_marks_what_changes_and_deletes()
    {
        await using var server = await TestServer.StartAsync(ToolsOfOthers.Add);
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client, "alice", ("scope", All));
        Assert.Equal(
            [
                "See who you are and which tools this server has mcp.read",
                "Delete repositories can delete things repo:delete",
                "Change repositories can change things repo:write",
                "List invoices; Pay an invoice can change things billing List invoices, as it is described. "
                    + "Pay an invoice, as it is described.",
                "Close <b>the</b> account can delete things account:close Close <b>the</b> account, as it is described.",
                "Read report 1 reports.1 Read report 1, as it is described.",
            ],
            Read(browser.Page!.QuerySelectorAll(".scopes li"))
        );

        await browser.SubmitAsync("Allow");
        await browser.OpenAsync("/connections");
        Assert.Contains("Delete repositories can delete things repo:delete", Read(browser.Page!.QuerySelectorAll(".facts .line")));
    }

    [Fact]
    public async Task An_operator_and_a_tool_say_it_in_other_words()
    {
        await using var server = await TestServer.StartAsync(
            ToolsOfOthers.Add,
            ("Mcp:Scopes:0:Name", "repo:delete"),
            ("Mcp:Scopes:0:Sentence", "Remove repositories for good"),
            ("Mcp:Scopes:1:Name", "mcp.read"),
            ("Mcp:Scopes:1:Sentence", "Look around")
        );
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client, "alice", ("scope", "mcp.read repo:delete mcp.write"));
        Assert.Equal(
            [
                "Look around mcp.read",
                "Remove repositories for good can delete things repo:delete",
                "Change your notes can change things mcp.write",
            ],
            Read(browser.Page!.QuerySelectorAll(".scopes li"))
        );
        Assert.Contains("Remove repositories for good", (await browser.OpenAsync("/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_says_it_for_its_tools_and_marks_what_it_knows_better()
    {
        await using var server = await TestServer.StartAsync(services =>
        {
            ToolsOfOthers.Add(services);
            services.AddSingleton(new DeclaredScope("repo:delete", "Remove repositories", ScopeRisk.Writes));
            services.AddSingleton(new DeclaredScope("billing", "See invoices", ScopeRisk.Reads));
            services.AddSingleton(new DeclaredScope("reports.1", "Burn the report", ScopeRisk.Destroys));
        });
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client, "alice", ("scope", "repo:delete billing reports.1"));
        Assert.Equal(
            ["Remove repositories can change things repo:delete", "See invoices billing", "Burn the report can delete things reports.1"],
            Read(browser.Page!.QuerySelectorAll(".scopes li"))
        );
    }

    private static IEnumerable<string> Read(IEnumerable<IElement> elements) =>
        elements.Select(element => string.Join(' ', element.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
