using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>
/// The caller of the tool that runs now. Over HTTP it is the bearer of the request, over stdio whoever set
/// <c>API_KEY</c>. Implementations hold no state of their own: handlers and sessions outlive requests.
/// </summary>
public interface ITokenContext
{
    /// <summary>Null when there is no token: only over stdio, without <c>API_KEY</c>.</summary>
    Caller? Caller { get; }
}

/// <summary>Who calls, and with what. Members a transport cannot know are null.</summary>
public sealed record Caller(Secret Token)
{
    public required string Subject { get; init; }
    public string? UserName { get; init; }
    public string? ClientId { get; init; }
    public string? Issuer { get; init; }
    public string? Audience { get; init; }
    public required ScopeSet Scope { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}
