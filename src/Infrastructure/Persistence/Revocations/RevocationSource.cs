using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>
/// Reads the feed by connections of its own, so that a server whose requests wait for theirs still hears of revocations.
/// </summary>
internal sealed class RevocationSource(DbDataSource database) : IDisposable
{
    /// <summary>How many entries are read at a time.</summary>
    public const int Page = 1000;

    public ValueTask<DbConnection> OpenAsync(CancellationToken ct) => database.OpenConnectionAsync(ct);

    /// <summary>The number of the newest entry; 0 when there is none.</summary>
    public async Task<long> FindNewestAsync(CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(\"Number\"), 0) FROM \"Revocations\"";
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The entry of that number and those behind it, in their order.</summary>
    public async Task<IReadOnlyList<Revocation>> ReadAsync(long from, CancellationToken ct)
    {
        await using var connection = await OpenAsync(ct);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT \"Number\", \"Kind\", \"Id\" FROM \"Revocations\" WHERE \"Number\" >= @from ORDER BY 1 LIMIT {Page}";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@from", from);
        command.Parameters.Add(parameter);
        List<Revocation> entries = [];
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            entries.Add(new Revocation(reader.GetInt64(0), KindOf(reader.GetString(1)), reader.GetString(2)));
        return entries;
    }

    // One that only a later version knows may concern any token.
    private static RevocationKind KindOf(string name) =>
        Enum.TryParse<RevocationKind>(name, out var kind) ? kind : RevocationKind.Everything;

    public void Dispose() => database.Dispose();
}
