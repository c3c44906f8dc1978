using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>
/// Checks and revokes access tokens of this server by what is stored: by what the token says, then by what has become of it since.
/// </summary>
internal sealed class AccessTokens(IAccessTokenVerifier verifier, IAccessTokenStore store, ClientDirectory clients, CurrentAct act)
{
    public async Task<Result<CheckedAccessToken>> CheckAsync(Secret token, CancellationToken ct) =>
        (await verifier.VerifyAsync(token, ct)).Try(out var claims, out var refusal)
            ? (await FindStatusAsync(claims, ct)).Judge(claims)
            : refusal;

    /// <summary>What has become of a token that verifies.</summary>
    public async Task<AccessTokenStatus> FindStatusAsync(AccessTokenClaims claims, CancellationToken ct)
    {
        var status = await store.FindStatusAsync(claims, ct);
        return status.Refusal is null && claims.IsMachine ? status with { Refusal = await RefuseMachineAsync(claims, ct) } : status;
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
        act.Subject = claims.Subject;
        await store.RevokeAsync(claims, ct);
        return new Revoked();
    }
}
