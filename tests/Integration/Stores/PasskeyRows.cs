using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores;

/// <summary>Passkeys as they are stored. No test of a store signs in with one.</summary>
internal static class PasskeyRows
{
    public static async Task<byte[]> AddPasskeyAsync(this StoreFixture stores, string subject, string? name = null)
    {
        var passkey = new IdentityUserPasskey<string>
        {
            UserId = subject,
            CredentialId = RandomNumberGenerator.GetBytes(16),
            Data = new IdentityPasskeyData
            {
                Name = name,
                PublicKey = [1],
                AttestationObject = [1],
                ClientDataJson = [1],
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
        };
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                db.UserPasskeys.Add(passkey);
                return await db.SaveChangesAsync(Rows.Ct);
            }
        );
        return passkey.CredentialId;
    }
}
