using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>Makes every transaction of EF Core wait in the queue, those of SaveChanges too.</summary>
internal sealed class QueuedTransactions(WriteQueue queue) : DbTransactionInterceptor
{
    public override async ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default
    ) =>
        InterceptionResult<DbTransaction>.SuppressWithResult(
            await WriteTurn.BeginAsync(queue, (SqliteConnection)connection, cancellationToken)
        );

    public override InterceptionResult<DbTransaction> TransactionStarting(
        DbConnection connection,
        TransactionStartingEventData eventData,
        InterceptionResult<DbTransaction> result
    ) => throw new InvalidOperationException("Whoever writes waits, and so has to be asynchronous.");

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        WriteLock.ThrowIfMoved((SqliteConnection)transaction.Connection!);
        return ValueTask.FromResult(result);
    }
}
