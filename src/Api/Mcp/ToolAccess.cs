using System.Security.Claims;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// Who may use a tool that needs a scope. A transport has to choose one of the two, and refuses what that does not allow.
/// </summary>
internal sealed class ToolAccess
{
    /// <summary>Over HTTP: what the token of the caller of the message covers. Without a caller, nothing.</summary>
    public static readonly ToolAccess ByToken = new((user, scope) => CallerIdentity.Of(user)?.Caller.Scope.Covers(scope) == true);

    /// <summary>Over stdio: whoever started the server may do everything, with or without a token.</summary>
    public static readonly ToolAccess Everything = new((_, _) => true);

    private readonly Func<ClaimsPrincipal?, ScopeSet, bool> covers;

    private ToolAccess(Func<ClaimsPrincipal?, ScopeSet, bool> covers) => this.covers = covers;

    public bool Covers(ClaimsPrincipal? user, ScopeSet scope) => covers(user, scope);
}
