using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>One caller's work in a group.</summary>
internal sealed class GroupedWork<T>(WriteQueue.Place place, IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    : IGroupedWork
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionContext? caller = ExecutionContext.Capture(); // whose request the work speaks of
    private T? result;
    private Exception? failure;

    public Task<T> Answer => answer.Task;

    public TimeSpan Left => place.Left;

    public bool TryRun(SqliteTransaction transaction, IPreparedStatements prepared)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            var unit = new WriteUnit(model, transaction, prepared);
            if (caller is null)
                Run(unit);
            else
                ExecutionContext.Run(caller, _ => Run(unit), null);
            return true;
        }
        catch (Exception cause)
        {
            failure = cause; // for its own caller alone
            return false;
        }
    }

    // A statement of SQLite ends in its call, and so does the work.
    private void Run(WriteUnit unit) => result = work(unit).GetAwaiter().GetResult();

    public void Succeed()
    {
        place.Dispose();
        if (failure is null)
            answer.TrySetResult(result!);
        else
            answer.TrySetException(failure);
    }

    public void Fail(Exception cause)
    {
        place.Dispose();
        answer.TrySetException(failure ?? cause);
    }
}
