namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>An entry of the feed as a follower reads it.</summary>
internal sealed record Revocation(long Number, RevocationKind Kind, string Id);
