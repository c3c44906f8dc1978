namespace OAuthMcp.Domain.Keys;

/// <summary>A signing key as its times say what it may do.</summary>
/// <param name="KeyId">The <c>kid</c> of its tokens.</param>
/// <param name="Algorithm">ES256 or RS256.</param>
/// <param name="ActiveFrom">When it begins to sign. It is published before that, so that every cache of the key set has it.</param>
/// <param name="IsWithdrawn">Whether it was taken out of use. It signs and verifies nothing, and still ends the keys before it.</param>
internal sealed record KeyTimes(string KeyId, string Algorithm, DateTimeOffset ActiveFrom, bool IsWithdrawn);
