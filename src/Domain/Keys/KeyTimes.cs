namespace OAuthMcp.Domain.Keys;

/// <summary>A signing key as its times say what it may do.</summary>
/// <param name="KeyId">The <c>kid</c> of its tokens.</param>
/// <param name="Algorithm">ES256 or RS256.</param>
/// <param name="ActiveFrom">When it begins to sign; before that it is published alone, so that nobody meets it unprepared.</param>
/// <param name="IsWithdrawn">Whether it was taken out of use: it signs and verifies nothing, and keeps its place among the others.</param>
public sealed record KeyTimes(string KeyId, string Algorithm, DateTimeOffset ActiveFrom, bool IsWithdrawn);
