using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>The stored keys for a server, which reads them at each start and again and again.</summary>
internal sealed class SigningKeyRows(DbDataSource source, Lazy<OAuthDbContext> db)
{
    public async Task<IReadOnlyList<SigningKey>> ReadAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """SELECT "KeyId", "Algorithm", "ProtectedPrivateKey", "CreatedAt", "ActiveFrom" FROM "SigningKeys" """
        );
        List<SigningKey> keys = [];
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
            keys.Add(new SigningKey(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetTime(3), rows.GetTime(4)));
        return keys;
    }

    /// <summary>Adds one unless another node has, and others wait until that is done.</summary>
    /// <param name="suffice">Whether those that are there make it needless.</param>
    /// <returns>All there are then.</returns>
    public Task<IReadOnlyList<SigningKey>> AddUnlessAsync(
        Func<IReadOnlyList<SigningKey>, bool> suffice,
        Func<SigningKey> create,
        CancellationToken ct
    ) =>
        db.Value.InTransactionAsync<IReadOnlyList<SigningKey>>(
            async () =>
            {
                await db.Value.TakeTurnAsync("signing keys", ct);
                var stored = await db.Value.SigningKeys.AsNoTracking().ToListAsync(ct);
                if (suffice(stored))
                    return stored;
                var added = create();
                db.Value.SigningKeys.Add(added);
                await db.Value.SaveChangesAsync(ct);
                db.Value.Entry(added).State = EntityState.Detached;
                return [.. stored, added];
            },
            ct
        );
}
