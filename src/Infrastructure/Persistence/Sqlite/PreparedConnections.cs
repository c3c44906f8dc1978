using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>Connections for statements that are run again and again, as many as were needed at the same moment.</summary>
internal sealed class PreparedConnections(string connectionString) : IDisposable
{
    private readonly ConcurrentBag<PreparedConnection> free = [];

    public PreparedConnection Take() => free.TryTake(out var connection) ? connection : new PreparedConnection(connectionString);

    /// <summary>For the next one. A connection on which something failed is disposed instead.</summary>
    public void Return(PreparedConnection connection) => free.Add(connection);

    /// <returns>The first row as <paramref name="read"/> makes it; null when there is none.</returns>
    public T? Read<T>(string statement, (RelationalTypeMapping? Mapping, object? Value)[] values, Func<DbDataReader, T> read)
        where T : class
    {
        var connection = Take();
        try
        {
            var command = connection.Of(statement);
            StatementValues.Fill(command, values);
            T? row;
            using (var rows = command.ExecuteReader())
                row = rows.Read() ? read(rows) : null;
            Return(connection);
            return row;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Closes those that nobody uses.</summary>
    public void Dispose()
    {
        while (free.TryTake(out var connection))
            connection.Dispose();
    }
}
