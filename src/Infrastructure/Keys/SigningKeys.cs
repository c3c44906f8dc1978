using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Keys;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Keys;

internal sealed class SigningKeys(OAuthDbContext db, RevocationFeed feed, KeySeal seal, TimeProvider time) : ISigningKeys
{
    public async Task<IReadOnlyList<KeyTimes>> ListAsync(CancellationToken ct) =>
        [.. (await db.SigningKeys.AsNoTracking().ToListAsync(ct)).Select(key => key.Times)];

    public async Task<KeyTimes> AddAsync(string algorithm, DateTimeOffset activeFrom, CancellationToken ct)
    {
        var created = seal.Create(algorithm, time.GetUtcNow(), activeFrom);
        db.SigningKeys.Add(created);
        await db.SaveChangesAsync(ct);
        db.Entry(created).State = EntityState.Detached; // the row may be changed without this context, which must not remember it
        return created.Times;
    }

    public Task<bool> TryWithdrawAsync(string keyId, CancellationToken ct) =>
        EndAsync(
            keyId,
            key =>
                key.Where(present => present.ProtectedPrivateKey != SigningKey.Destroyed)
                    .ExecuteUpdateAsync(set => set.SetProperty(present => present.ProtectedPrivateKey, SigningKey.Destroyed), ct),
            ct
        );

    public Task<bool> TryDeleteAsync(string keyId, CancellationToken ct) => EndAsync(keyId, key => key.ExecuteDeleteAsync(ct), ct);

    private Task<bool> EndAsync(string keyId, Func<IQueryable<SigningKey>, Task<int>> endAsync, CancellationToken ct) =>
        feed.RevokeAsync(
            RevocationKind.Key,
            async () => await endAsync(db.SigningKeys.Where(key => key.KeyId == keyId)) > 0 ? (true, keyId) : (false, null),
            ct
        );
}
