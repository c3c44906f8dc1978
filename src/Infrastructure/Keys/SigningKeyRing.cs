using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// The keys that access tokens are signed and verified with. Loaded once the database is there; a key that cannot be
/// unsealed stops the start, since making a new one in silence would sign everybody out.
/// </summary>
internal sealed class SigningKeyRing(IDataProtectionProvider protection, OAuthSettings settings, TimeProvider time) : IKeySet
{
    private readonly IDataProtector protector = protection.CreateProtector("SigningKey");
    private (SecurityKey Key, string Algorithm)[] keys = [];

    /// <summary>The key that signs.</summary>
    public SigningCredentials Current => keys is [var (key, algorithm), ..]
        ? new SigningCredentials(key, algorithm)
        : throw new InvalidOperationException("The signing keys are not loaded.");

    /// <summary>The keys that verify.</summary>
    public IEnumerable<SecurityKey> Verifying => keys.Select(entry => entry.Key);

    public IReadOnlyList<IReadOnlyDictionary<string, string>> PublicKeys => [.. keys.Select(entry => PublicMembers(entry.Key, entry.Algorithm))];

    /// <exception cref="CryptographicException">A stored key cannot be unsealed with the Data Protection keys at hand.</exception>
    public async Task LoadAsync(OAuthDbContext db, CancellationToken ct)
    {
        var stored = await db.SigningKeys.AsNoTracking().OrderByDescending(key => key.CreatedAt).ToListAsync(ct);
        if (!stored.Exists(key => key.Algorithm == settings.SigningAlgorithm))
        {
            var created = Create();
            db.SigningKeys.Add(created);
            await db.SaveChangesAsync(ct);
            stored.Insert(0, created);
        }

        keys = [.. stored.OrderByDescending(key => key.Algorithm == settings.SigningAlgorithm).Select(key => (Open(key), key.Algorithm))];
    }

    private SigningKey Create()
    {
        using AsymmetricAlgorithm algorithm = settings.SigningAlgorithm == SecurityAlgorithms.EcdsaSha256
            ? ECDsa.Create(ECCurve.NamedCurves.nistP256)
            : RSA.Create(3072);
        SecurityKey key = algorithm is ECDsa ecdsa ? new ECDsaSecurityKey(ecdsa) : new RsaSecurityKey((RSA)algorithm);
        return new SigningKey(Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()), settings.SigningAlgorithm,
            protector.Protect(Convert.ToBase64String(algorithm.ExportPkcs8PrivateKey())), time.GetUtcNow());
    }

    private SecurityKey Open(SigningKey stored)
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

    private static Dictionary<string, string> PublicMembers(SecurityKey key, string algorithm)
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        var members = new Dictionary<string, string> { ["kty"] = jwk.Kty, ["use"] = "sig", ["alg"] = algorithm, ["kid"] = key.KeyId };
        foreach (var (name, value) in new[] { ("crv", jwk.Crv), ("x", jwk.X), ("y", jwk.Y), ("n", jwk.N), ("e", jwk.E) })
            if (!string.IsNullOrEmpty(value)) members[name] = value;
        return members;
    }
}
