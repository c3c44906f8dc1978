namespace OAuthMcp.Application.Audit;

/// <summary>What the trail holds.</summary>
internal interface IAuditRecords
{
    /// <summary>The newest events that fit, the newest first.</summary>
    Task<IReadOnlyList<ListedEvent>> ListAsync(ListAuditQuery filter, CancellationToken ct);
}
