using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>The connection string as it is used. What the operator wrote wins over every default of this program.</summary>
internal static class PostgresAddress
{
    /// <summary>
    /// How long PostgreSQL keeps a transaction whose program does nothing, such as one that is stopped: after that others get its
    /// locks, and its late COMMIT is refused.
    /// </summary>
    private static readonly TimeSpan IdleTransaction = TimeSpan.FromSeconds(5);

    /// <summary>
    /// More at once only wait for each other inside of the server, and to open many takes it longer than anybody waits. Three nodes
    /// fit into the 100 that a server allows by default.
    /// </summary>
    private const int MostConnections = 30;

    /// <summary>Of the statements that are run again and again, each connection keeps so many compiled.</summary>
    private const int MostStatements = 50;

    /// <param name="patience">How long a statement runs, a lock is waited for, or a connection is opened.</param>
    public static string WithBudgets(string connectionString, TimeSpan patience)
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "OAuthMcp",
            Timeout = (int)patience.TotalSeconds,
            CommandTimeout = (int)patience.TotalSeconds,
            MaxPoolSize = MostConnections,
            MaxAutoPrepare = MostStatements,
            NoResetOnClose = true, // nothing of this program outlives its transaction but locks, which it gives back itself
            CancellationTimeout = -1, // a server that answered nothing does not answer a cancellation either
        };
        var given = new DbConnectionStringBuilder { ConnectionString = connectionString };
        foreach (string key in given.Keys)
            address[key] = given[key];
        address.SearchPath = PostgresOAuthDbContext.Schema; // statements written by hand find the tables by it
        // The server ends a statement too, since it would go on with one whose program has left. Of a setting given twice it takes
        // the later one, which is the operator's.
        address.Options = string.Create(
                CultureInfo.InvariantCulture,
                $"-c statement_timeout={patience.TotalMilliseconds} "
                    + $"-c idle_in_transaction_session_timeout={IdleTransaction.TotalMilliseconds} {address.Options}"
            )
            .TrimEnd();
        return address.ConnectionString;
    }
}
