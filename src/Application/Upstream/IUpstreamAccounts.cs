using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Which accounts here belong to which accounts elsewhere. The identity is provider and subject, never an e-mail address.
/// </summary>
internal interface IUpstreamAccounts
{
    /// <summary>
    /// Finds or makes the account of this identity and stores its new token, all at once. With <paramref name="linkTo"/> it is that
    /// account; an identity that belongs to another is refused.
    /// </summary>
    Task<Result<UpstreamAccount>> SignInAsync(
        UpstreamProvider provider,
        UpstreamIdentity identity,
        string? linkTo,
        DateTimeOffset now,
        CancellationToken ct
    );

    Task<IReadOnlyList<LinkedAccount>> ListAsync(string subject, CancellationToken ct);

    /// <summary>Forgets the token, and the identity too where the account has another way in. False when none was linked.</summary>
    Task<bool> TryUnlinkAsync(string subject, string provider, CancellationToken ct);
}
