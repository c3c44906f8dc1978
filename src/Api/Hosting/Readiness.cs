namespace OAuthMcp.Api.Hosting;

/// <summary>
/// Whether this process still takes requests, and whether a load balancer asks for it. One that asks is told "no" before the server
/// stops listening.
/// </summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(1);
    private long lastAsked;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Whether anybody asked within the last minute.</summary>
    public bool IsWatched => Volatile.Read(ref lastAsked) is > 0 and var asked && time.GetElapsedTime(asked) < Attention;

    public void Ask() => Volatile.Write(ref lastAsked, time.GetTimestamp());
}
