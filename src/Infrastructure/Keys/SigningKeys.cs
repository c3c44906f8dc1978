using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Keys;
using OAuthMcp.Domain.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

internal sealed class SigningKeys(OAuthDbContext db, KeySeal seal, TimeProvider time) : ISigningKeys
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

    public async Task<bool> TryWithdrawAsync(string keyId, CancellationToken ct) =>
        await db
            .SigningKeys.Where(key => key.KeyId == keyId && key.ProtectedPrivateKey != SigningKey.Destroyed)
            .ExecuteUpdateAsync(set => set.SetProperty(key => key.ProtectedPrivateKey, SigningKey.Destroyed), ct) > 0;

    public async Task<bool> TryDeleteAsync(string keyId, CancellationToken ct) =>
        await db.SigningKeys.Where(key => key.KeyId == keyId).ExecuteDeleteAsync(ct) > 0;
}
