using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>Users on their way to a provider. Expired ones are gone within a minute.</summary>
internal interface IUpstreamSignIns
{
    /// <summary>False when <paramref name="limit"/> are on their way already; 0 is no limit.</summary>
    Task<bool> TryAddAsync(UpstreamSignIn signIn, int limit, CancellationToken ct);

    Task<UpstreamSignIn?> FindAsync(TokenHash state, CancellationToken ct);

    /// <summary>False when it was used before.</summary>
    Task<bool> TryUseAsync(TokenHash state, DateTimeOffset now, CancellationToken ct);
}
