using System.Net;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>Who calls, and with which token. What a transport cannot know is null.</summary>
public sealed record Caller(Secret Token)
{
    public required string Subject { get; init; }
    public string? UserName { get; init; }
    public string? ClientId { get; init; }
    public string? Issuer { get; init; }
    public string? Audience { get; init; }
    public required ScopeSet Scope { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where the request came from, and the id that the log has for it.</summary>
    public IPAddress? Peer { get; init; }

    public string? TraceId { get; init; }
}
