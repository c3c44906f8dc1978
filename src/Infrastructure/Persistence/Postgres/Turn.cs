using System.Data.Common;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>A lock of a name for the rest of a transaction. Whoever waits for it sees what its holder has committed.</summary>
internal static class Turn
{
    public static async Task TakeAsync(DbTransaction transaction, string name, CancellationToken ct)
    {
        await using var command = transaction.Connection!.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, "SELECT pg_advisory_xact_lock(hashtextextended(@name, 0))");
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("name", $"{PostgresOAuthDbContext.Schema} {name}");
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(ct);
    }
}
