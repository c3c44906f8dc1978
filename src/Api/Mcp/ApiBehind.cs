using ModelContextProtocol.Server;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Api.Mcp;

/// <summary>The API that the tools call with a token of the caller.</summary>
internal sealed class ApiBehind(ServerSettings settings, IEnumerable<McpServerTool> tools)
{
    /// <summary>Null where none is configured, and no tool takes the default.</summary>
    public Uri? Address { get; } =
        settings.Downstream.IsConfigured || tools.Any(tool => tool.ProtocolTool.Name == MakeAuthenticatedRequestTool.Name)
            ? settings.Downstream.BaseAddress
            : null;
}
