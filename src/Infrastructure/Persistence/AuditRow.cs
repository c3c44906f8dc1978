using System.Globalization;
using System.Security.Cryptography;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>An event of the audit trail.</summary>
internal sealed record AuditRow
{
    private static readonly string Process = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
    private static uint last;

    /// <summary>In the order of time, and of one process in the order of its events; so new rows lie together.</summary>
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
            Id = string.Create(CultureInfo.InvariantCulture, $"{happened.At.UtcTicks:X16}{Interlocked.Increment(ref last):X8}{Process}"),
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
