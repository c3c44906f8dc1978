using System.Text.Json;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Remote;
using OAuthMcp.Infrastructure.Tokens;
using Polly.Timeout;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>
/// Reads tokens and introspections of other issuers, which differ in form: <c>scope</c> or <c>scp</c>, a text or a list, and four
/// names for the client.
/// </summary>
internal static class AuthorityClaims
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Runs a check that may have to ask the authority. If that fails, the answer says so in time and does not blame the token.
    /// </summary>
    public static async Task<Result<CheckedAccessToken>> WithinBudgetAsync(
        Func<CancellationToken, Task<Result<CheckedAccessToken>>> check,
        CancellationToken ct
    )
    {
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(ct);
        budget.CancelAfter(Budget);
        try
        {
            return await check(budget.Token);
        }
        catch (Exception failure)
            when (!ct.IsCancellationRequested
                && failure is RemoteException or HttpRequestException or TimeoutRejectedException or OperationCanceledException
            )
        {
            return Unavailable(RemoteException.Describe(failure));
        }
    }

    public static OAuthError Unavailable(string why) => OAuthError.TemporarilyUnavailable() with { Detail = $"the authority: {why}" };

    /// <summary>Reads the claims that every token must have, apart from signature, issuer and audience.</summary>
    public static Result<CheckedAccessToken> Read(JsonElement claims, ExternalAuthority authority, DateTimeOffset now)
    {
        // RFC 9449 §7.1, RFC 8705 §3: a token that is bound to a key is no bearer token.
        if (claims.Member("cnf") is not null)
            return About(OAuthError.InvalidToken("The access token is bound to a key and no bearer token."), claims);
        if (claims.Time("exp") is not { } expiresAt)
            return About(TokenRules.Lacks("exp"), claims);
        if (claims.Text("sub") is not { } subject)
            return About(TokenRules.Lacks("sub"), claims);
        if (expiresAt <= now)
            return About(TokenRules.Expired(expiresAt), claims);
        var issuedAt = claims.Time("iat");
        if (new[] { issuedAt, claims.Time("nbf") }.Max() is { } begin && begin > now + TokenRules.ClockSkew)
            return About(TokenRules.TooEarly(begin), claims);
        var clientId = ClientOf(claims);
        return new CheckedAccessToken(
            new AccessTokenClaims
            {
                JwtId = claims.Text("jti") ?? "",
                Issuer = authority.Issuer,
                Audience = authority.Audiences[0],
                Subject = subject,
                ClientId = clientId ?? "",
                Scope = authority.Read([.. claims.Texts("scope"), .. claims.Texts("scp")]),
                IssuedAt = issuedAt ?? now,
                ExpiresAt = expiresAt,
            },
            claims.Text("preferred_username") ?? claims.Text("username")
        );
    }

    /// <summary>Adds for the log whose token it is, as the authority says.</summary>
    public static OAuthError About(OAuthError refusal, JsonElement claims) =>
        TokenRules.About(refusal, claims.Text("jti"), claims.Text("sub"), ClientOf(claims));

    private static string? ClientOf(JsonElement claims) =>
        claims.Text("client_id") ?? claims.Text("azp") ?? claims.Text("appid") ?? claims.Text("cid");
}
