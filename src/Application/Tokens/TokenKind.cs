namespace OAuthMcp.Application.Tokens;

/// <summary>What a text is that somebody holds for a token.</summary>
internal enum TokenKind
{
    AccessToken,
    RefreshToken,
    AuthorizationCode,

    /// <summary>A signed JWT that does not say that it is an access token, such as an ID token.</summary>
    SignedToken,

    /// <summary>Nothing that this server knows. It stores hashes alone, so it cannot tell what it once was.</summary>
    Unknown,
}
