namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>Wrong passwords or codes for an account from one place.</summary>
internal sealed record FailedSignInsRow(
    string Subject,
    string Place,
    int Count,
    int Lockouts,
    DateTimeOffset? LockedUntil,
    DateTimeOffset LastAt
);
