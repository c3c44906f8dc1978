using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>Sends statements that are transactions by themselves, each in one round trip.</summary>
internal sealed class LoneStatements(NpgsqlDataSource source, Outcomes outcomes)
{
    /// <returns>The first row as the statement reads it; null when there is none.</returns>
    public async Task<object?> ReadAsync(ReadStatement statement)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = Command(connection, statement.Text, statement.Values);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? statement.Read(reader) : null;
    }

    /// <returns>Whether the change was made, which is durable then.</returns>
    public async Task<bool> TryChangeAsync(ChangeStatement change)
    {
        var connection = await source.OpenConnectionAsync();
        var since = Stopwatch.GetTimestamp();
        try
        {
            await using (connection)
            {
                await using var command = Command(connection, change.Text, change.Values);
                return await command.ExecuteNonQueryAsync() > 0;
            }
        }
        catch (Exception failure) when (failure is not PostgresException)
        {
            return await IsChangedAsync(change, since, failure);
        }
    }

    /// <summary>
    /// True where it was made although the database did not answer. Whoever is told that it was not would come again, and be refused as
    /// a thief.
    /// </summary>
    /// <param name="since">When it was sent.</param>
    /// <param name="failure">Thrown where it was not made.</param>
    public async Task<bool> IsChangedAsync(ChangeStatement change, long since, Exception failure) =>
        await outcomes.IsChangedAsync(change.Mark, since)
            ? true
            : throw new NpgsqlException("The database did not answer, and the change was not made.", failure);

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
