using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>An open connection with the statements that it has compiled, for one caller at a time.</summary>
internal sealed class PreparedConnection : IPreparedStatements, IDisposable
{
    private readonly Dictionary<string, SqliteCommand> commands = [];

    public PreparedConnection(string connectionString)
    {
        Connection = new SqliteConnection(connectionString);
        Connection.Open();
    }

    public SqliteConnection Connection { get; }

    public DbCommand Of(string statement)
    {
        if (!commands.TryGetValue(statement, out var command))
        {
            command = commands[statement] = Connection.CreateCommand();
            command.CommandText = statement;
        }

        return command;
    }

    /// <summary>Gives the connection back to the pool, which keeps it open.</summary>
    public void Dispose()
    {
        foreach (var command in commands.Values)
            command.Dispose();
        Connection.Dispose();
    }
}
