using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>Makes signing keys, and seals them for the database.</summary>
internal sealed class KeySeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("SigningKey");

    public SigningKey Create(string algorithm, DateTimeOffset now, DateTimeOffset activeFrom)
    {
        using AsymmetricAlgorithm pair =
            algorithm == SecurityAlgorithms.EcdsaSha256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(3072);
        SecurityKey key = pair is ECDsa ecdsa ? new ECDsaSecurityKey(ecdsa) : new RsaSecurityKey((RSA)pair);
        return new SigningKey(
            Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()),
            algorithm,
            protector.Protect(Convert.ToBase64String(pair.ExportPkcs8PrivateKey())),
            now,
            activeFrom
        );
    }

    /// <exception cref="CryptographicException">It cannot be unsealed with the Data Protection keys at hand.</exception>
    public SecurityKey Open(SigningKey stored)
    {
        var privateKey = Convert.FromBase64String(protector.Unprotect(stored.ProtectedPrivateKey));
        if (stored.Algorithm == SecurityAlgorithms.EcdsaSha256)
        {
            var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(privateKey, out _);
            return new ECDsaSecurityKey(ecdsa) { KeyId = stored.KeyId };
        }

        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey, out _);
        return new RsaSecurityKey(rsa) { KeyId = stored.KeyId };
    }
}
