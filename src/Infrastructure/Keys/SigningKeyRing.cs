using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Application.Settings;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>
/// The keys that this server signs and verifies access tokens with, as it last read them. A key that cannot be unsealed stops the
/// start, since a new one made in silence would sign everybody out.
/// </summary>
internal sealed class SigningKeyRing(KeySeal seal, OAuthSettings settings, TimeProvider time) : IKeySet
{
    private volatile Ring ring = new(new KeySchedule([], settings.AccessTokenLifetime), []);

    /// <summary>The key that signs.</summary>
    public SigningCredentials Current
    {
        get
        {
            var seen = ring;
            var key = seen.Schedule.FindSigning(settings.SigningAlgorithm, time.GetUtcNow())
                ?? throw new InvalidOperationException("The signing keys are not loaded.");
            return new SigningCredentials(seen.Keys[key.KeyId].Key, key.Algorithm);
        }
    }

    public DateTimeOffset? SigningSince => ring.Schedule.FindSigning(settings.SigningAlgorithm, time.GetUtcNow())?.ActiveFrom;

    /// <summary>The keys that verify.</summary>
    public IEnumerable<SecurityKey> Verifying => Live().Select(entry => entry.Key);

    public IReadOnlyList<IReadOnlyDictionary<string, string>> PublicKeys =>
        [.. Live().Select(entry => PublicMembers(entry.Key, entry.Times.Algorithm))];

    /// <summary>Whether this key still verifies. It may have been withdrawn since its token was checked.</summary>
    public bool Verifies(string keyId) => ring.Keys.TryGetValue(keyId, out var key) && !(key.End <= time.GetUtcNow());

    /// <summary>Every key that was not withdrawn, for looking at tokens that are too old to be good.</summary>
    public IEnumerable<SecurityKey> Known => ring.Keys.Values.Select(key => key.Key);

    /// <summary>Reads the stored keys.</summary>
    /// <param name="mayAdd">Whether to add one when none of them signs. For the server alone: a verb adds none.</param>
    /// <exception cref="CryptographicException">A stored key cannot be unsealed with the Data Protection keys at hand.</exception>
    public async Task LoadAsync(SigningKeyRows rows, bool mayAdd, CancellationToken ct)
    {
        var stored = await rows.ReadAsync(ct);
        if (mayAdd && FindSigning(stored) is null)
            stored = await rows.AddUnlessAsync(keys => FindSigning(keys) is not null, CreateFirst, ct);

        var (schedule, known) = (Schedule(stored), ring.Keys);
        ring = new Ring(
            schedule,
            stored
                .Where(key => !key.Times.IsWithdrawn)
                .ToDictionary(
                    key => key.KeyId,
                    key => new Opened(key.Times, known.GetValueOrDefault(key.KeyId)?.Key ?? seal.Open(key), schedule.EndOf(key.Times))
                )
        );
    }

    private SigningKey CreateFirst() => seal.Create(settings.SigningAlgorithm, time.GetUtcNow(), time.GetUtcNow());

    private KeyTimes? FindSigning(IEnumerable<SigningKey> stored) =>
        Schedule(stored).FindSigning(settings.SigningAlgorithm, time.GetUtcNow());

    private KeySchedule Schedule(IEnumerable<SigningKey> stored) => new(stored.Select(key => key.Times), settings.AccessTokenLifetime);

    private IEnumerable<Opened> Live()
    {
        var (seen, now) = (ring, time.GetUtcNow());
        return seen.Schedule.Keys.Where(key => seen.Schedule.Verifies(key, now)).Select(key => seen.Keys[key.KeyId]);
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

    private sealed record Ring(KeySchedule Schedule, Dictionary<string, Opened> Keys);

    private sealed record Opened(KeyTimes Times, SecurityKey Key, DateTimeOffset? End);
}
