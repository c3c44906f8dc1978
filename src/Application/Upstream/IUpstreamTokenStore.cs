using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>Users' tokens at providers, sealed at rest. Every change names the generation that it changes.</summary>
internal interface IUpstreamTokenStore
{
    /// <summary>Null too when what is stored cannot be unsealed any more.</summary>
    Task<UpstreamToken?> FindAsync(string subject, string provider, CancellationToken ct);

    /// <summary>Takes the right to renew this generation. False when somebody has it, or the token was renewed meanwhile.</summary>
    Task<bool> TryLeaseAsync(UpstreamToken token, string lease, DateTimeOffset now, DateTimeOffset until, CancellationToken ct);

    /// <summary>
    /// Stores the next generation. False when there is another one already, or the account was unlinked or linked anew.
    /// </summary>
    Task<bool> TryRenewAsync(UpstreamToken renewed, CancellationToken ct);

    /// <summary>Gives the lease back after a failure; nobody asks the provider again before <paramref name="until"/>.</summary>
    Task ReleaseAsync(UpstreamToken token, string lease, int refusals, DateTimeOffset until, CancellationToken ct);
}
