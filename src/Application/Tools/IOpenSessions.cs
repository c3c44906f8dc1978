using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>The sessions of MCP revisions that have them, which are open at this node.</summary>
public interface IOpenSessions
{
    /// <summary>The user has ended it somewhere.</summary>
    /// <param name="session">The hash of its id.</param>
    Task EndAsync(TokenHash session);
}
