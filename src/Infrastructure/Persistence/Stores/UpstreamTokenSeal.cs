using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using OAuthMcp.Domain.Upstream;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

/// <summary>Seals upstream tokens for their user and provider, so that a sealed token does not open in another row.</summary>
internal sealed class UpstreamTokenSeal(IDataProtectionProvider protection)
{
    public (string AccessToken, string? RefreshToken) Close(UpstreamToken token) =>
        (
            For(token.Subject, token.Provider, "access").Protect(token.AccessToken.Reveal()),
            token.RefreshToken is { } refreshToken ? For(token.Subject, token.Provider, "refresh").Protect(refreshToken.Reveal()) : null
        );

    /// <summary>
    /// Null when it does not open, because the key is gone or the row was changed. The account has to be linked anew then.
    /// </summary>
    public UpstreamToken? Open(UpstreamTokenRow row, string identity)
    {
        try
        {
            return new UpstreamToken
            {
                Subject = row.Subject,
                Provider = row.Provider,
                Identity = identity,
                AccessToken = new Secret(For(row.Subject, row.Provider, "access").Unprotect(row.SealedAccessToken)),
                RefreshToken = row.SealedRefreshToken is { } refreshToken
                    ? new Secret(For(row.Subject, row.Provider, "refresh").Unprotect(refreshToken))
                    : null,
                Scope = row.Scope,
                ExpiresAt = row.ExpiresAt,
                Generation = row.Generation,
                Refusals = row.Refusals,
                LeasedUntil = row.LeasedUntil,
                Lease = row.Lease,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector For(string subject, string provider, string part) =>
        protection.CreateProtector("UpstreamToken", subject, provider, part);
}
