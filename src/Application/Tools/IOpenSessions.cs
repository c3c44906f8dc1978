using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>The sessions of MCP revisions that have them, which are open at this node.</summary>
internal interface IOpenSessions
{
    /// <summary>The user has ended it somewhere. Whoever says so does not wait for what runs in it.</summary>
    /// <param name="session">The hash of its id.</param>
    void End(TokenHash session);
}
