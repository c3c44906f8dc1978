using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Audit;

/// <summary>
/// The use case that runs now, as the trail will have it. What proves who is behind it says so here, and a store that makes the act
/// durable takes the event along in its own transaction.
/// </summary>
internal sealed class CurrentAct
{
    private Audited? audited;
    private IRequestOrigin? origin;
    private TimeProvider? time;
    private OAuthError? reuse;

    public string? Act { get; set; }
    public string? Name { get; set; }
    public string? ClientId { get; set; }
    public string? Subject { get; set; }
    public ScopeSet? Scope { get; set; }

    /// <summary>Another word than the answer alone would give.</summary>
    public string? Decision { get; set; }

    /// <summary>Whether something happened that is an event where being served alone is none.</summary>
    public bool IsDone { get; set; }

    /// <summary>What was written together with the act; null when nothing was.</summary>
    public AuditEvent? Written { get; set; }

    public bool IsUrgent => audited is { IsRoutine: false } || reuse is not null;

    public void Begin(Audited request, IRequestOrigin from, TimeProvider clock)
    {
        (audited, origin, time, reuse, Written) = (request, from, clock, null, null);
        (Act, Name, ClientId, Subject) = (request.Act, request.Name, request.ClientId, request.Subject);
        (Scope, Decision, IsDone) = (null, null, false);
    }

    public void End() => audited = null;

    /// <summary>Something that was good for one use came again. What ends its family writes this event.</summary>
    public OAuthError Reuse(OAuthError refusal) => reuse = refusal;

    /// <summary>The event for whoever makes the act durable; null where the use case leaves none.</summary>
    public AuditEvent? ToWrite()
    {
        IsDone = true;
        return EventOf(null);
    }

    /// <param name="answer">The refusal that the use case came to; null when it was served.</param>
    public AuditEvent? EventOf(OAuthError? answer)
    {
        var refusal = reuse ?? answer;
        if (audited is null || (refusal is null && audited.IsOfRefusals && !IsDone))
            return null;
        var what = reuse is null ? audited.What : AuditWords.TokenReuse;
        return new AuditEvent(time!.GetUtcNow(), what, refusal is not null ? AuditWords.Refused : Decision ?? AuditWords.Allowed)
        {
            Act = Act,
            ClientId = refusal?.ClientId ?? ClientId,
            Subject = refusal?.Subject ?? Subject,
            Name = AuditText.Clean(Name, AuditText.MaxName),
            Actor = origin!.Actor,
            Scope = Scope,
            ErrorCode = refusal?.Code,
            Reason = AuditText.Clean(refusal?.Detail ?? refusal?.Description, AuditText.MaxReason),
            TraceId = origin.TraceId,
            Peer = origin.Peer,
            IsRoutine = reuse is null && (audited.IsRoutine || (refusal is not null && what != AuditWords.Administration)),
        };
    }
}
