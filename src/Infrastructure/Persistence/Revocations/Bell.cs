namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>Wakes the one that waits for it, now or the next time.</summary>
internal sealed class Bell
{
    private TaskCompletionSource rung = New();

    public void Ring() => Volatile.Read(ref rung).TrySetResult();

    /// <summary>Waits for the bell, and no longer than that by the time of the machine.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task WaitAsync(TimeSpan most, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(Volatile.Read(ref rung).Task, Task.Delay(most, end.Token));
        await end.CancelAsync();
        ct.ThrowIfCancellationRequested();
        if (Volatile.Read(ref rung).Task.IsCompleted)
            Volatile.Write(ref rung, New()); // whoever rang the old one did so before the look that comes now
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
