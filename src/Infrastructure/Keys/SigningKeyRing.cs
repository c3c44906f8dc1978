using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// The keys that access tokens are signed and verified with. A key is published, then signs, then still verifies for
/// as long as a token of it can live. A key that cannot be unsealed stops the start, since making a new one in silence
/// would sign everybody out.
/// </summary>
internal sealed class SigningKeyRing(IDataProtectionProvider protection, OAuthSettings settings, TimeProvider time) : IKeySet
{
    /// <summary>How long a key is published before it signs: longer than any cache holds the key set.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromMinutes(10);

    private readonly IDataProtector protector = protection.CreateProtector("SigningKey");
    private volatile Opened[] keys = [];

    /// <summary>The key that signs: of those whose time has come the newest.</summary>
    public SigningCredentials Current
    {
        get
        {
            var now = time.GetUtcNow();
            var key = keys.Where(entry => entry.Stored.Algorithm == settings.SigningAlgorithm)
                .FirstOrDefault(entry => entry.Stored.ActiveFrom <= now)
                ?? throw new InvalidOperationException("The signing keys are not loaded.");
            return new SigningCredentials(key.Key, key.Stored.Algorithm);
        }
    }

    /// <summary>The keys that verify.</summary>
    public IEnumerable<SecurityKey> Verifying => Live().Select(entry => entry.Key);

    public IReadOnlyList<IReadOnlyDictionary<string, string>> PublicKeys =>
        [.. Live().Select(entry => PublicMembers(entry.Key, entry.Stored.Algorithm))];

    /// <exception cref="CryptographicException">A stored key cannot be unsealed with the Data Protection keys at hand.</exception>
    public async Task LoadAsync(OAuthDbContext db, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var stored = await db.SigningKeys.AsNoTracking().ToListAsync(ct);
        if (!stored.Exists(key => key.Algorithm == settings.SigningAlgorithm && key.ActiveFrom <= now))
            stored.Add(await AddAsync(db, now, ct));

        var known = keys.ToDictionary(entry => entry.Stored.KeyId);
        keys =
        [
            .. stored
                .OrderByDescending(key => key.ActiveFrom)
                .Select(key => known.GetValueOrDefault(key.KeyId) ?? new Opened(key, Open(key))),
        ];
    }

    /// <summary>Adds the next key; it signs from <paramref name="activeFrom"/> on, once every process has loaded it.</summary>
    public async Task<SigningKey> AddAsync(OAuthDbContext db, DateTimeOffset activeFrom, CancellationToken ct)
    {
        using AsymmetricAlgorithm algorithm =
            settings.SigningAlgorithm == SecurityAlgorithms.EcdsaSha256 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : RSA.Create(3072);
        SecurityKey key = algorithm is ECDsa ecdsa ? new ECDsaSecurityKey(ecdsa) : new RsaSecurityKey((RSA)algorithm);
        var created = new SigningKey(
            Base64UrlEncoder.Encode(key.ComputeJwkThumbprint()),
            settings.SigningAlgorithm,
            protector.Protect(Convert.ToBase64String(algorithm.ExportPkcs8PrivateKey())),
            time.GetUtcNow(),
            activeFrom
        );
        db.SigningKeys.Add(created);
        await db.SaveChangesAsync(ct);
        return created;
    }

    /// <summary>Until when a key verifies: a token's life after the next one of its algorithm began to sign.</summary>
    public DateTimeOffset? EndOf(SigningKey key) =>
        keys.Select(entry => entry.Stored)
            .Where(other => other.ActiveFrom > key.ActiveFrom)
            .Select(other => (DateTimeOffset?)other.ActiveFrom + settings.AccessTokenLifetime + TimeSpan.FromMinutes(1))
            .Min();

    public IReadOnlyList<SigningKey> All => [.. keys.Select(entry => entry.Stored)];

    private IEnumerable<Opened> Live()
    {
        var now = time.GetUtcNow();
        return keys.Where(entry => !(EndOf(entry.Stored) <= now));
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
        var members = new Dictionary<string, string>
        {
            ["kty"] = jwk.Kty,
            ["use"] = "sig",
            ["alg"] = algorithm,
            ["kid"] = key.KeyId,
        };
        foreach (var (name, value) in new[] { ("crv", jwk.Crv), ("x", jwk.X), ("y", jwk.Y), ("n", jwk.N), ("e", jwk.E) })
            if (!string.IsNullOrEmpty(value))
                members[name] = value;
        return members;
    }

    private sealed record Opened(SigningKey Stored, SecurityKey Key);
}
