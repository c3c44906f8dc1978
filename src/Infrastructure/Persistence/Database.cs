using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Keys;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>Brings the database and the signing keys to where the server can start on them.</summary>
public sealed class Database
{
    private readonly OAuthDbContext db;
    private readonly SigningKeyRing keys;

    internal Database(OAuthDbContext db, SigningKeyRing keys) => (this.db, this.keys) = (db, keys);

    public async Task PrepareAsync(CancellationToken ct)
    {
        await db.Database.MigrateAsync(ct);
        await keys.LoadAsync(db, ct);
    }

    public Task<bool> AnswersAsync(CancellationToken ct) => db.Database.CanConnectAsync(ct);
}
