using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Application.Tokens;

public interface IGrantStore
{
    /// <summary>The grant, unless its user is disabled: then it is as good as gone.</summary>
    Task<Grant?> FindAsync(string grantId, CancellationToken ct);

    /// <summary>From now on every token of the grant is refused. A second call changes nothing.</summary>
    Task RevokeAsync(string grantId, DateTimeOffset now, CancellationToken ct);
}
