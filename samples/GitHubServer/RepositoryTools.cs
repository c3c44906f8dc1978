using System.ComponentModel;
using ModelContextProtocol.Server;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.GitHubServer;

[McpServerToolType]
internal sealed class RepositoryTools(GitHub gitHub)
{
    [McpServerTool(Name = "list_repositories", Title = "List my repositories", ReadOnly = true, OpenWorld = true)]
    [Description("Lists your GitHub repositories, the latest change first.")]
    [RequiresScope("repositories.read", "See your GitHub repositories")]
    public Task<IReadOnlyList<Repository>> ListAsync(CancellationToken ct) => gitHub.ListRepositoriesAsync(ct);
}
