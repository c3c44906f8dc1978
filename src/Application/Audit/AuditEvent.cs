using System.Net;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>
/// Something that happened, for whoever has to reconstruct it years later. This folder owns what an event says and where events go;
/// which use case leaves one is said by its own request.
/// </summary>
/// <param name="What">One of <see cref="AuditWords"/>.</param>
/// <param name="Decision">One of <see cref="AuditWords"/>.</param>
internal sealed record AuditEvent(DateTimeOffset At, string What, string Decision)
{
    /// <summary>What exactly: the way of a sign-in, the grant type, the tool, the verb.</summary>
    public string? Act { get; init; }

    /// <summary>The client, once it has proven who it is.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whose account it concerns, once that is known.</summary>
    public string? Subject { get; init; }

    /// <summary>What was named and need not exist: a user name as it was typed, the id that a verb was given.</summary>
    public string? Name { get; init; }

    /// <summary>The account that was signed in where it was done; null for a program, and for the command line.</summary>
    public string? Actor { get; init; }

    public ScopeSet? Scope { get; init; }
    public string? ErrorCode { get; init; }

    /// <summary>Why exactly it was refused, for the operator alone.</summary>
    public string? Reason { get; init; }

    public string? TraceId { get; init; }
    public IPAddress? Peer { get; init; }

    /// <summary>Whether anybody can make many of them: such events wait in memory, and their number is bounded.</summary>
    public bool IsRoutine { get; init; }
}
