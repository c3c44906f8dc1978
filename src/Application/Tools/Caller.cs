using System.Net;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tools;

/// <summary>Who calls, and with which token. What a transport cannot know is null.</summary>
public sealed record Caller(Secret Token)
{
    /// <summary>The user, by an id that never means anybody else (<c>sub</c>, RFC 9068 §2.2); of a machine its client_id.</summary>
    public required string Subject { get; init; }

    /// <summary>What the user is called, which may change.</summary>
    public string? UserName { get; init; }

    /// <summary>The application that calls (<c>client_id</c>).</summary>
    public string? ClientId { get; init; }

    /// <summary>Who issued the token (<c>iss</c>).</summary>
    public string? Issuer { get; init; }

    /// <summary>Whom the token is for (<c>aud</c>): this server.</summary>
    public string? Audience { get; init; }

    /// <summary>What the token covers.</summary>
    public required ScopeSet Scope { get; init; }

    /// <summary>When the token ends.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Where the request came from.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>The id that the log has for the request.</summary>
    public string? TraceId { get; init; }
}
