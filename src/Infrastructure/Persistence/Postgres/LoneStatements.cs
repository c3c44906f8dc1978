using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>Sends statements that are transactions by themselves, each in one round trip.</summary>
internal sealed class LoneStatements(NpgsqlDataSource source, Outcomes outcomes)
{
    /// <returns>The first row as <paramref name="read"/> makes it; null when there is none.</returns>
    public async Task<T?> ReadAsync<T>(
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values,
        Func<DbDataReader, T> read,
        CancellationToken ct
    )
        where T : class
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var command = Command(connection, statement, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? read(reader) : null;
    }

    /// <returns>Whether the change was made, which is durable then.</returns>
    public async Task<bool> TryChangeAsync(ChangeStatement change, CancellationToken ct)
    {
        var connection = await source.OpenConnectionAsync(ct);
        var since = Stopwatch.GetTimestamp();
        try
        {
            await using (connection)
            {
                await using var command = Command(connection, change.Text, change.Values);
                return await command.ExecuteNonQueryAsync(ct) > 0;
            }
        }
        catch (Exception failure) when (failure is not PostgresException && !ct.IsCancellationRequested)
        {
            // It may have happened. Whoever is told that it did not would come again, and be refused as a thief.
            if (await outcomes.IsChangedAsync(change.Mark, since))
                return true;
            if (failure is DbException)
                throw;
            throw new NpgsqlException("The connection to the database was lost.", failure);
        }
    }

    private static NpgsqlCommand Command(
        NpgsqlConnection connection,
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values
    )
    {
        var command = connection.CreateCommand();
        command.CommandText = statement;
        StatementValues.Fill(command, values);
        return command;
    }
}
