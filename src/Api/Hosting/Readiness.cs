namespace OAuthMcp.Api.Hosting;

/// <summary>Whether this process takes requests still, and whether somebody asks that: a load balancer has to read "no" before the door closes.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, TimeProvider time)
{
    private static readonly TimeSpan Attention = TimeSpan.FromMinutes(1);
    private long lastAsked;

    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Whether anybody asked within the last minute.</summary>
    public bool IsWatched => Volatile.Read(ref lastAsked) is > 0 and var asked && time.GetElapsedTime(asked) < Attention;

    public void Ask() => Volatile.Write(ref lastAsked, time.GetTimestamp());
}
