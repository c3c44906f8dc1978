namespace OAuthMcp.Application.Tokens;

/// <summary>What is known of an access token beyond what it says of itself.</summary>
internal interface IAccessTokenStore
{
    /// <summary>Refuses this one token until it expires by itself.</summary>
    Task RevokeAsync(AccessTokenClaims token, CancellationToken ct);

    /// <summary>The live state of the token's grant, user, client and own revocation.</summary>
    Task<AccessTokenStatus> FindStatusAsync(AccessTokenClaims token, CancellationToken ct);
}
