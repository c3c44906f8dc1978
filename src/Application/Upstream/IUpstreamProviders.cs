using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Other people's authorization servers, of which this server is a client. Each call ends within ten seconds;
/// whatever is wrong there is <c>upstream_error</c>, with the reason for the log alone.
/// </summary>
internal interface IUpstreamProviders
{
    /// <summary>The URL to send the browser to (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).</summary>
    Task<Result<string>> BeginAsync(UpstreamProvider provider, UpstreamAuthorization authorization, CancellationToken ct);

    /// <summary>
    /// Redeems the code, in one try since it is good once, and reads who signed in (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3.7).
    /// </summary>
    Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamProvider provider, UpstreamCode code, CancellationToken ct);

    /// <summary>
    /// Renews a token that has a refresh token (RFC 6749 §6). Tries again only where the provider cannot have used it up.
    /// </summary>
    Task<UpstreamRenewal> RenewAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct);

    /// <summary>
    /// Tells the provider that the token is not needed any more, where it can be told (RFC 7009). True when it took note.
    /// </summary>
    Task<bool> RevokeAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct);
}
