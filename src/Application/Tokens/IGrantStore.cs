using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

internal interface IGrantStore
{
    /// <summary>The grant; null when there is none or its user is disabled.</summary>
    Task<Grant?> FindAsync(string grantId, CancellationToken ct);

    /// <summary>From now on every token of the grant is refused. A second call changes nothing.</summary>
    Task RevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct);
}
