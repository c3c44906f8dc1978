using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>An event of the audit trail.</summary>
public sealed record AuditRow
{
    /// <summary>In the order of time, so that new rows lie together.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }
    public required bool IsRoutine { get; init; }
    public required string What { get; init; }
    public required string Decision { get; init; }
    public string? Act { get; init; }
    public string? ClientId { get; init; }
    public string? Subject { get; init; }
    public string? Name { get; init; }
    public string? Actor { get; init; }
    public string? Scope { get; init; }
    public string? ErrorCode { get; init; }
    public string? Reason { get; init; }
    public string? TraceId { get; init; }
    public string? Peer { get; init; }

    public static AuditRow Of(AuditEvent happened) =>
        new()
        {
            Id = Guid.CreateVersion7(happened.At).ToString("N"),
            At = happened.At,
            IsRoutine = happened.IsRoutine,
            What = happened.What,
            Decision = happened.Decision,
            Act = happened.Act,
            ClientId = happened.ClientId,
            Subject = happened.Subject,
            Name = happened.Name,
            Actor = happened.Actor,
            Scope = happened.Scope?.ToString(),
            ErrorCode = happened.ErrorCode,
            Reason = happened.Reason,
            TraceId = happened.TraceId,
            Peer = happened.Peer?.ToString(),
        };
}
