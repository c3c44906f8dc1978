using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

/// <summary>Codes and refresh tokens of this server, which are random and known by what is stored of them alone.</summary>
internal sealed class StoredTokens(
    IAuthorizationCodeStore codes,
    IRefreshTokenStore refreshTokens,
    IGrantStore grants,
    ClientDirectory clients,
    TimeProvider time
)
{
    /// <summary>What is known of it; null for a text that is neither.</summary>
    public async Task<TokenExplanation?> ExplainAsync(Secret token, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (await codes.FindAsync(TokenHash.Of(token), ct) is { } code)
            return await ExplainAsync(
                new TokenExplanation
                {
                    Kind = TokenKind.AuthorizationCode,
                    IsAccepted = false,
                    ClientId = code.ClientId,
                    GrantId = code.GrantId,
                    ExpiresAt = code.ExpiresAt,
                    UsedAt = code.RedeemedAt,
                    Why =
                        code.RedeemedAt is not null ? "The code was redeemed. To use it again ends its grant."
                        : now >= code.ExpiresAt ? "The code has expired."
                        : null,
                },
                now,
                ct
            );
        if (await refreshTokens.FindAsync(TokenHash.Of(token), ct) is { } refresh)
            return await ExplainAsync(
                new TokenExplanation
                {
                    Kind = TokenKind.RefreshToken,
                    IsAccepted = false,
                    ClientId = refresh.ClientId,
                    GrantId = refresh.GrantId,
                    ExpiresAt = refresh.ExpiresAt,
                    UsedAt = refresh.RotatedAt,
                    Why =
                        refresh.RotatedAt is not null ? "The refresh token was exchanged for the next one. To use it again ends its grant."
                        : now >= refresh.ExpiresAt ? "The refresh token has expired."
                        : null,
                },
                now,
                ct
            );
        // One that was exchanged long ago is known by its family alone.
        if (RefreshToken.FamilyOf(token) is not { } family || await refreshTokens.FindNewestAsync(family, ct) is not { } newest)
            return null;
        return await ExplainAsync(
            new TokenExplanation
            {
                Kind = TokenKind.RefreshToken,
                IsAccepted = false,
                ClientId = newest.ClientId,
                GrantId = newest.GrantId,
                Why = "The refresh token was exchanged long ago. To use it again ends its grant.",
            },
            now,
            ct
        );
    }

    // What ended the grant or the client is said first, since the token cannot be mended then.
    private async Task<TokenExplanation> ExplainAsync(TokenExplanation token, DateTimeOffset now, CancellationToken ct)
    {
        var grant = await grants.FindAsync(token.GrantId!, ct);
        var why =
            grant is null ? "Its grant is gone, or its user is disabled."
            : grant.RevokedAt is { } revokedAt ? $"Its grant was revoked at {ErrorText.Of(revokedAt)}."
            : now >= grant.ExpiresAt ? $"Its grant ended at {ErrorText.Of(grant.ExpiresAt)}."
            : await clients.FindAsync(token.ClientId, ct) is null ? "Its client is gone or disabled."
            : token.Why;
        return token with { IsAccepted = why is null, Why = why, Subject = grant?.Subject, Scope = grant?.Scope.ToString() };
    }
}
