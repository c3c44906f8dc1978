namespace OAuthMcp.Application.Tokens;

/// <summary>The public half of the signing keys, as a JWK set (RFC 7517 §5).</summary>
internal interface IKeySet
{
    /// <summary>Since when the present key signs; null before it is read.</summary>
    DateTimeOffset? SigningSince { get; }

    IReadOnlyList<IReadOnlyDictionary<string, string>> PublicKeys { get; }
}
