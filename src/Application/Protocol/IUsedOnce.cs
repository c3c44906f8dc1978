namespace OAuthMcp.Application.Protocol;

/// <summary>What is good for one use, until it expires by itself.</summary>
internal interface IUsedOnce
{
    /// <summary>False when the id was used before: of any number of parallel calls on any node one wins.</summary>
    Task<bool> TryUseAsync(UsedKind kind, string id, DateTimeOffset expiresAt, CancellationToken ct);
}
