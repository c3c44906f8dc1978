using Microsoft.AspNetCore.Mvc.RazorPages;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Http;
using OAuthMcp.Api.Mcp;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Pages;

/// <summary>What this is and how to connect.</summary>
[NeedsNoDatabase, UsesScript]
internal sealed class IndexModel(OAuthSettings settings, IEnumerable<McpServerTool> tools) : PageModel
{
    public string Address => settings.Resource.Canonical;

    public IEnumerable<string> Scopes => settings.SupportedScopes;

    internal IReadOnlyList<ClientWay> Ways => ClientWays.Of(settings.Brand.Handle, Address);

    /// <summary>Whether no other machine can reach this address.</summary>
    public bool IsLoopback => ConfiguredDownstream.IsLoopback(new Uri(Address));

    public IEnumerable<(string Name, string Scope, string Description)> Tools =>
        tools
            .OrderBy(tool => tool.ProtocolTool.Name, StringComparer.Ordinal)
            .Select(tool => (tool.ProtocolTool.Name, ToolScopes.Of(tool).ToString(), tool.ProtocolTool.Description ?? ""));
}
