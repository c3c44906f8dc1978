using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>One caller's work in a group.</summary>
internal sealed class GroupedWork<T>(WriteQueue.Place place, IModel model, Func<WriteUnit, Task<T>> work, CancellationToken ct)
    : IGroupedWork
{
    private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? result;
    private Exception? failure;

    public Task<T> Answer => answer.Task;

    public TimeSpan Left => place.Left;

    public bool TryRun(SqliteTransaction transaction, IPreparedStatements prepared)
    {
        try
        {
            ct.ThrowIfCancellationRequested();
            result = work(new WriteUnit(model, transaction, prepared)).GetAwaiter().GetResult(); // a statement of SQLite ends in its call
            return true;
        }
        catch (Exception cause)
        {
            failure = cause; // for its own caller alone
            return false;
        }
    }

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
