using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OAuthMcp.Application.Telemetry;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>Makes a statement that writes outside of a transaction (ExecuteUpdate, ExecuteDelete) wait in the queue too.</summary>
internal sealed class QueuedStatements(WriteQueue queue) : DbCommandInterceptor
{
    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (command.Transaction is not null || eventData.CommandSource is not (CommandSource.ExecuteUpdate or CommandSource.ExecuteDelete))
            return result;
        using var span = Instruments.Source.StartActivity("sqlite write", ActivityKind.Client)?.SetTag("db.system.name", "sqlite");
        var transaction = await WriteTurn.BeginAsync(queue, (SqliteConnection)command.Connection!, cancellationToken);
        using var turn = WriteTurn.Of(transaction);
        await using (transaction)
        {
            command.Transaction = transaction;
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            command.Transaction = null;
            WriteLock.ThrowIfMoved(transaction.Connection!);
            await transaction.CommitAsync(cancellationToken);
            return InterceptionResult<int>.SuppressWithResult(rows);
        }
    }
}
