using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// The bearer check by tokens of this server. The database is asked when a token is new to this process, and when a revocation may
/// have touched it: a call with a known token costs no statement.
/// </summary>
internal sealed class BearerTokens(IAccessTokenVerifier verifier, IKnownTokens known, IServiceScopeFactory scopes) : IAccessTokenChecks
{
    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, string? peer, CancellationToken ct) =>
        (await verifier.VerifyAsync(token, ct)).Try(out var claims, out var refusal)
            ? (await known.GetAsync(claims, () => ReadAsync(claims, ct))).Judge(claims)
            : refusal;

    private async Task<AccessTokenStatus> ReadAsync(AccessTokenClaims claims, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AccessTokens>().FindStatusAsync(claims, ct);
    }
}
