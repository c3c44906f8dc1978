namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Whether this process takes requests already and still, and whether a load balancer asks for it. One that asks is told "no" before
/// the server stops listening.
/// </summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(1);
    private readonly TaskCompletionSource prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long lastAsked;

    /// <summary>Ends when database, keys and accounts are there, which an absent database server may delay.</summary>
    public Task Prepared => prepared.Task;

    public bool IsPrepared => prepared.Task.IsCompleted;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Whether anybody asked within the last minute.</summary>
    public bool IsWatched => Volatile.Read(ref lastAsked) is > 0 and var asked && time.GetElapsedTime(asked) < Attention;

    public void SetPrepared() => prepared.TrySetResult();

    public void Ask() => Volatile.Write(ref lastAsked, time.GetTimestamp());
}
