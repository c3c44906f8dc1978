using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <param name="Refusal">What ended the token before its time, in words for the log; null when nothing did.</param>
/// <param name="UserName">The account's name; null for a machine.</param>
internal sealed record AccessTokenStatus(string? Refusal, string? UserName)
{
    internal Result<CheckedAccessToken> Judge(AccessTokenClaims token) =>
        Refusal is null
            ? new CheckedAccessToken(token, UserName)
            : OAuthError.InvalidToken("The access token was revoked.") with
            {
                Detail = $"{Refusal}, token {token.JwtId}",
                ClientId = token.ClientId,
                Subject = token.Subject,
            };
}
