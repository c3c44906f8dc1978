using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>Checks and revokes access tokens of this server: by what the token says, then by what has become of it since.</summary>
internal sealed class AccessTokens(IAccessTokenVerifier verifier, IAccessTokenStore store, ClientDirectory clients) : IAccessTokenChecks
{
    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, string? peer, CancellationToken ct)
    {
        if (!(await verifier.VerifyAsync(token, ct)).Try(out var claims, out var refusal))
            return refusal;
        var status = await store.FindStatusAsync(claims, ct);
        var ended = status.Refusal ?? (claims.IsMachine ? await RefuseMachineAsync(claims, ct) : null);
        return ended is null
            ? new CheckedAccessToken(claims, status.UserName)
            : OAuthError.InvalidToken("The access token was revoked.") with
            {
                Detail = $"{ended}, client {claims.ClientId}",
            };
    }

    // A machine has no grant that could have been revoked, so the client itself is looked at.
    private async Task<string?> RefuseMachineAsync(AccessTokenClaims claims, CancellationToken ct) =>
        await clients.FindAsync(claims.ClientId, ct) switch
        {
            null => "client gone or disabled",
            var client when !client.MachineScope.Covers(claims.Scope) => "its client has less scope",
            _ => null,
        };

    /// <summary>Revokes this one token of the client (RFC 7009 §2.1). A token that is not live needs no revocation.</summary>
    public async Task<Result<Revoked>> RevokeAsync(Client client, Secret token, CancellationToken ct)
    {
        if (!(await verifier.VerifyAsync(token, ct)).Try(out var claims, out _))
            return new Revoked();
        if (claims.ClientId != client.Id)
            return OAuthError.InvalidGrant("access token belongs to another client");
        await store.RevokeAsync(claims, ct);
        return new Revoked();
    }
}
