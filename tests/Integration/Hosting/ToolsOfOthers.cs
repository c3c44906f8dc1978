using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Tools of a developer, with scopes of their own: declared with a sentence, without one, writing and destructive.</summary>
internal static class ToolsOfOthers
{
    /// <summary>Eleven scopes, two of which have a sentence, and one of this server in other words.</summary>
    public static void Add(IServiceCollection services)
    {
        foreach (
            var tool in new[]
            {
                Tool("delete_repository", "Delete a repository", "repo:delete", "Delete repositories", isDestructive: true),
                Tool("rename_repository", "Rename a repository", "repo:write", "Change repositories"),
                Tool("list_invoices", "List invoices", "billing", isReadOnly: true),
                Tool("pay_invoice", "Pay an invoice", "billing"),
                Tool("write_note", "Write a note", "mcp.write", "Change your notes"),
                Tool("close_account", "Close <b>the</b> account", "account:close", isDestructive: true),
            }
        )
            services.AddSingleton(tool);
        for (var number = 1; number <= 7; number++)
            services.AddSingleton(Tool($"read_report_{number}", $"Read report {number}", $"reports.{number}", isReadOnly: true));
    }

    private static McpServerTool Tool(
        string name,
        string title,
        string scope,
        string? sentence = null,
        bool isReadOnly = false,
        bool? isDestructive = null
    ) =>
        McpServerTool.Create(
            () => "done",
            new McpServerToolCreateOptions
            {
                Name = name,
                Title = title,
                Description = $"{title}, as it is described.",
                ReadOnly = isReadOnly,
                Destructive = isDestructive,
                Metadata = [new RequiresScopeAttribute(scope, sentence)],
            }
        );
}
