using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// Connections for statements that are run again and again, as many as are needed at the same moment; some of them stay open.
/// </summary>
internal sealed class PreparedConnections(string connectionString) : IDisposable
{
    private const int MostFree = 32; // each has up to two megabytes of pages

    private readonly ConcurrentBag<PreparedConnection> free = [];

    /// <summary>Does something with a connection, which waits for the next one after it, unless something failed on it.</summary>
    public T Use<T>(Func<PreparedConnection, T> work)
    {
        if (!free.TryTake(out var connection))
            connection = new PreparedConnection(connectionString);
        var isGood = false;
        try
        {
            var result = work(connection);
            isGood = true;
            return result;
        }
        finally
        {
            if (isGood && free.Count < MostFree)
                free.Add(connection);
            else
                connection.Dispose();
        }
    }

    /// <returns>The first row as <paramref name="read"/> makes it; null when there is none.</returns>
    public T? Read<T>(string statement, (RelationalTypeMapping? Mapping, object? Value)[] values, Func<DbDataReader, T> read)
        where T : class =>
        Use(connection =>
        {
            var command = connection.Of(statement);
            StatementValues.Fill(command, values);
            using var rows = command.ExecuteReader();
            return rows.Read() ? read(rows) : null;
        });

    /// <summary>Closes those that nobody uses.</summary>
    public void Dispose()
    {
        while (free.TryTake(out var connection))
            connection.Dispose();
    }
}
