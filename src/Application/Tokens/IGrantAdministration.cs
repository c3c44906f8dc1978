namespace OAuthMcp.Application.Tokens;

/// <summary>What an operator does with what users allowed.</summary>
internal interface IGrantAdministration
{
    /// <summary>The live grants, the newest first; null when there is no such account.</summary>
    /// <param name="userName">Null for those of everybody.</param>
    /// <param name="clientId">Null for those to any client.</param>
    /// <param name="most">How many at most.</param>
    Task<IReadOnlyList<ListedGrant>?> FindAsync(string? userName, string? clientId, DateTimeOffset now, int most, CancellationToken ct);

    /// <summary>
    /// Revokes a live grant and forgets the consent behind it, so that its client has to ask again. False when there is none.
    /// </summary>
    Task<bool> TryRevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct);
}
