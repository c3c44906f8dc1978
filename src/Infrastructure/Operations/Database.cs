using System.Data.Common;
using System.Security.Cryptography;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>Prepares the database and the signing keys for the program.</summary>
internal sealed class Database
{
    private readonly IDatabaseEngine engine;
    private readonly DbDataSource source;
    private readonly SigningKeyReader keys;
    private readonly KeyRingSeal seal;
    private readonly DataDirectory data;
    private readonly TimeProvider time;

    internal Database(
        IDatabaseEngine engine,
        DbDataSource source,
        SigningKeyReader keys,
        KeyRingSeal seal,
        DataDirectory data,
        TimeProvider time
    ) => (this.engine, this.source, this.keys, this.seal, this.data, this.time) = (engine, source, keys, seal, data, time);

    /// <summary>Lets one server run on a file, whatever its data directory is.</summary>
    /// <returns>The lock, which ends with the process at the latest; null where none is needed.</returns>
    /// <exception cref="DatabaseException">Another server runs on it.</exception>
    public Task<IDisposable?> LockAsync(CancellationToken ct) => engine.LockForServerAsync(ct);

    /// <summary>Brings the tables to this version.</summary>
    /// <param name="isServer">Whether this process holds the lock.</param>
    /// <param name="say">Is told what is waited for when that takes longer than a moment.</param>
    /// <exception cref="DatabaseException">The database was emptied, is of a newer version, or stays locked by another process.</exception>
    public async Task<PreparedDatabase> PrepareAsync(bool isServer, Action<string> say, CancellationToken ct)
    {
        var isNew = await Migration.FindAppliedAsync(engine, ct) is [];
        if (isNew && data.HoldsKeysOfItsDatabase)
            throw new DatabaseException($"{data.Database} is empty, and there are keys of an earlier one; restore it, or remove the keys.");
        await new Migration(engine, time).RunAsync(isServer, say, ct);
        await engine.SetUpAsync(ct);
        return new PreparedDatabase(await engine.FindPlaceAsync(ct), isNew);
    }

    /// <summary>Where it is, for an operator.</summary>
    public Task<string> FindPlaceAsync(CancellationToken ct) => engine.FindPlaceAsync(ct);

    /// <summary>How many people have an account. It is asked without the model of the database, which a start would wait for.</summary>
    public async Task<long> CountAccountsAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT COUNT(*) FROM \"AspNetUsers\"");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>For a look at a database that has signing keys: whether what is configured here opens them. It changes nothing.</summary>
    /// <exception cref="DatabaseException">A key in it was sealed with another certificate, or the key ring is not here.</exception>
    /// <exception cref="CryptographicException">A key in the data directory does not open what the database holds.</exception>
    public Task CheckKeysAsync(CancellationToken ct) =>
        data.HoldsKeys && !data.Keys.Exists
            ? throw new DatabaseException($"its key ring is not in {data.Keys.FullName}.")
            : ExplainAsync(() => keys.ReadAsync(ct));

    /// <summary>For a server: seals the key ring with the present certificate, loads the signing keys, and makes the first one.</summary>
    /// <exception cref="DatabaseException">A key in it was sealed with another certificate.</exception>
    /// <exception cref="CryptographicException">A key in the data directory does not open what the database holds.</exception>
    public Task LoadKeysAsync(CancellationToken ct) =>
        ExplainAsync(() =>
        {
            seal.Renew();
            return keys.ReadAsync(ct);
        });

    private async Task ExplainAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (CryptographicException failure) when (!data.HoldsKeys && !IsOfDatabase(failure))
        {
            throw new DatabaseException("its keys are sealed by another certificate or key than those of Protection.");
        }
    }

    // Data Protection says nothing else of a ring that it could not read.
    private static bool IsOfDatabase(Exception failure) =>
        failure is DbException || (failure.InnerException is { } cause && IsOfDatabase(cause));
}
