using Microsoft.EntityFrameworkCore;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Brings the database and the signing keys to where the server can start on them.</summary>
public sealed class Database
{
    private readonly OAuthDbContext db;
    private readonly SigningKeyRing keys;

    internal Database(OAuthDbContext db, SigningKeyRing keys) => (this.db, this.keys) = (db, keys);

    public async Task PrepareAsync(CancellationToken ct)
    {
        await db.Database.MigrateAsync(ct);
        // Readers and the writer do not wait for each other; it stays with the file. synchronous is FULL by default:
        // what a client saw succeed is on the disk.
        if (db.Database.IsSqlite())
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", ct);
        await keys.LoadAsync(db, ct);
    }

    /// <summary>Every signing key with the times of its life; the last is null while it has no successor.</summary>
    public IReadOnlyList<(string KeyId, string Algorithm, DateTimeOffset ActiveFrom, DateTimeOffset? VerifiesUntil)> SigningKeys =>
        [.. keys.All.Select(key => (key.KeyId, key.Algorithm, key.ActiveFrom, keys.EndOf(key)))];

    /// <summary>Adds the next signing key and returns its id and when it begins to sign.</summary>
    public async Task<(string KeyId, DateTimeOffset ActiveFrom)> RotateKeysAsync(DateTimeOffset now, CancellationToken ct)
    {
        var next = await keys.AddAsync(db, now + SigningKeyRing.Announcement, ct);
        return (next.KeyId, next.ActiveFrom);
    }
}
