namespace OAuthMcp.Application.Tokens;

/// <summary>What this process knows of the tokens that it has seen, so that it need not ask the database at each call.</summary>
internal interface IKnownTokens
{
    /// <summary>
    /// What was read of the token, as long as this process is sure that no revocation has touched it since. Otherwise it is read.
    /// </summary>
    /// <param name="readAsync">Reads the state of the token as it is stored now.</param>
    Task<AccessTokenStatus> GetAsync(AccessTokenClaims token, Func<Task<AccessTokenStatus>> readAsync);
}
