namespace OAuthMcp.Application.Audit;

/// <summary>An event of the trail, as it is read by people and programs. Null is what does not apply or was not known.</summary>
internal sealed record ListedEvent(
    DateTimeOffset At,
    string What,
    string? Act,
    string Decision,
    string? ClientId,
    string? Subject,
    string? Name,
    string? Actor,
    string? Scope,
    string? Error,
    string? Reason,
    string? Peer,
    string? TraceId
);
