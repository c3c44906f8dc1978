namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>A statement that waits to be sent, perhaps with others, and its answer.</summary>
internal sealed class Gathered<TStatement, TAnswer>(TStatement statement)
{
    private readonly TaskCompletionSource<TAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int hasBegun;

    public TStatement Statement => statement;
    public Task<TAnswer> Answer => answer.Task;

    /// <summary>False where somebody sends it already, or its caller has given up.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref hasBegun, 1) == 0;

    public void Succeed(TAnswer result) => answer.TrySetResult(result);

    public void Fail(Exception failure) => answer.TrySetException(failure);

    /// <summary>Answers with what the work comes to.</summary>
    public async Task AnswerByAsync(Func<TStatement, Task<TAnswer>> work)
    {
        try
        {
            Succeed(await work(statement));
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }
}
