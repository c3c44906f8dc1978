using System.Net;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>The request from outside for which a use case runs, and the line that it leaves in the log.</summary>
internal interface IRequestOrigin
{
    /// <summary>Who sent it; null for the command line and the start.</summary>
    IPAddress? Peer { get; }

    /// <summary>The id that the answer and the log name it by.</summary>
    string? TraceId { get; }

    /// <summary>The account that is signed in where it came from.</summary>
    string? Actor { get; }

    /// <summary>Adds to the line why it was refused. False when there is no such line.</summary>
    bool TryExplain(OAuthError refusal);

    /// <summary>Adds to the line whom it is about.</summary>
    void Name(AuditEvent happened);
}
