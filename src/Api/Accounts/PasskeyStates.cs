using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Protocol;
using Secret = OAuthMcp.Domain.Protocol.Secret;

namespace OAuthMcp.Api.Accounts;

/// <summary>
/// The state of a passkey ceremony, which travels with the form: sealed, for five minutes, and for one answer (WebAuthn §13.4.3).
/// </summary>
internal sealed class PasskeyStates(IDataProtectionProvider protection, IUsedOnce used, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly IDataProtector protector = protection.CreateProtector("Passkey.State");

    public Secret Seal(string state) => new(protector.Protect($"{(time.GetUtcNow() + Lifetime).UtcTicks} {state}"));

    /// <summary>The state, or null when it was forged, is late or was opened before.</summary>
    public async Task<string?> OpenAsync(Secret sealedState, CancellationToken ct)
    {
        try
        {
            var opened = protector.Unprotect(sealedState.Reveal());
            var end = opened.IndexOf(' ', StringComparison.Ordinal);
            var expiresAt = new DateTimeOffset(long.Parse(opened.AsSpan(0, end), CultureInfo.InvariantCulture), TimeSpan.Zero);
            if (time.GetUtcNow() >= expiresAt)
                return null;
            return await used.TryUseAsync(UsedKind.Passkey, TokenHash.Of(new Secret(opened)).Value, expiresAt, ct)
                ? opened[(end + 1)..]
                : null;
        }
        catch (CryptographicException)
        {
            return null; // not sealed here
        }
    }
}
