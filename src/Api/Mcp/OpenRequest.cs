using ModelContextProtocol;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Mcp;

/// <summary>
/// A request at /mcp while its answer is open, and the call that came in it while that runs. Whatever ends them ends them here,
/// and the caller's place among its running requests is given back when both are over, or when the call is abandoned.
/// </summary>
internal sealed class OpenRequest : IDisposable
{
    private static readonly TimeSpan TimeToUnwind = TimeSpan.FromSeconds(2);

    private readonly TimeProvider time;
    private readonly CancellationTokenSource ended = new();
    private readonly CancellationTokenSource cut = new(); // its call
    private readonly CancellationTokenRegistration whenHungUp;
    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool runsCalls;
    private int users = 1; // the answer, and the call
    private IDisposable? place;
    private volatile bool takesNoCall;
    private string? why;

    /// <param name="place">Of the caller's running requests; null where it takes none, and no call runs in it.</param>
    /// <param name="hungUp">Set when the client has left.</param>
    public OpenRequest(LiveBody body, IDisposable? place, TimeProvider time, CancellationToken hungUp)
    {
        (Body, this.place, runsCalls, this.time) = (body, place, place is not null, time);
        whenHungUp = hungUp.UnsafeRegister(answer => ((CancellationTokenSource)answer!).Cancel(), ended);
    }

    public LiveBody Body { get; }

    /// <summary>Why its call did not succeed, for the line of the request; null when it did, or runs.</summary>
    public OAuthError? Trouble { get; set; }

    /// <summary>Set when the answer is to end, cleanly and with what it has, or when nobody reads it any more.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Done when both the answer and the call are.</summary>
    public Task Over => over.Task;

    /// <summary>
    /// Runs the call that came in this request, until it is done, taken back by its client or cut by <see cref="EndAsync"/>.
    /// </summary>
    /// <param name="takenBack">Set when the client cancels the call or its session ends: then nobody waits for an answer.</param>
    /// <exception cref="OperationCanceledException">The request was over before its call began, or has no place for one.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> call, CancellationToken takenBack)
    {
        if (!TryEnter())
            throw new OperationCanceledException();
        try
        {
            using var noAnswer = takenBack.UnsafeRegister(request => ((OpenRequest)request!).TakeBack(), this);
            await call(cut.Token);
        }
        catch (OperationCanceledException) when (why is not null && !takenBack.IsCancellationRequested)
        {
            throw new McpProtocolException(why, McpErrorCode.InternalError);
        }
        finally
        {
            Leave();
            done.SetResult();
        }
    }

    /// <summary>Ends the answer at once.</summary>
    public void End() => _ = CloseAsync();

    /// <summary>Waits a while for the answer; then cancels the call, which has a moment to say why, and ends the answer.</summary>
    public async Task EndAsync(string reason, TimeSpan patience)
    {
        await WaitAsync(answered.Task, patience);
        why = reason;
        await cut.CancelAsync();
        if (Volatile.Read(ref users) > 1)
            await WaitAsync(answered.Task, TimeToUnwind);
        await CloseAsync();
    }

    /// <summary>The place is free, and the call has to be bounded by something else from now on.</summary>
    public void GiveBack() => Interlocked.Exchange(ref place, null)?.Dispose();

    /// <summary>The answer is complete.</summary>
    public void Dispose()
    {
        whenHungUp.Unregister();
        answered.TrySetResult();
        Leave();
    }

    private void TakeBack()
    {
        _ = EndAfterCallAsync(); // however the call takes it
        cut.Cancel();
    }

    private Task CloseAsync()
    {
        takesNoCall = true;
        return ended.CancelAsync();
    }

    // Whoever sees the answer end may take the place at once, so the call leaves it first.
    private async Task EndAfterCallAsync()
    {
        await WaitAsync(done.Task, TimeToUnwind);
        await CloseAsync();
    }

    private async Task WaitAsync(Task end, TimeSpan patience)
    {
        if (patience > TimeSpan.Zero)
            await Task.WhenAny(end, Task.Delay(patience, time));
    }

    private bool TryEnter()
    {
        for (var seen = Volatile.Read(ref users); runsCalls && seen > 0 && !takesNoCall; seen = Volatile.Read(ref users))
            if (Interlocked.CompareExchange(ref users, seen + 1, seen) == seen)
                return true;
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref users) > 0)
            return;
        GiveBack();
        over.SetResult();
    }
}
