namespace OAuthMcp.Application.Tokens;

/// <summary>The revocations that reach this process, wherever they were made.</summary>
internal interface IRevocations
{
    /// <summary>Another number than before says that some token may have been revoked. It never changes where nothing is told.</summary>
    long Seen { get; }

    /// <summary>How long ago all of them were known here; null where nothing is told.</summary>
    TimeSpan? Lag { get; }
}
