namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>An entry of the feed.</summary>
/// <param name="Number">One more than that of the entry before it, without gaps.</param>
/// <param name="Id">Of the grant, user, client, token or key, or the hash of a session's.</param>
internal sealed record RevocationRow(long Number, RevocationKind Kind, string Id, DateTimeOffset At);
