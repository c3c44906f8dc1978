using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>
/// Other people's authorization servers, of which this server is a client. Each call ends within ten seconds;
/// whatever is wrong there is <c>upstream_error</c>, with the reason for the log alone.
/// </summary>
public interface IUpstreamProviders
{
    /// <summary>The URL to send the browser to (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1).</summary>
    Task<Result<string>> BeginAsync(UpstreamProvider provider, UpstreamAuthorization authorization, CancellationToken ct);

    /// <summary>Redeems the code, once and never again, and reads who signed in (RFC 6749 §4.1.3, OpenID Connect Core §3.1.3.7).</summary>
    Task<Result<UpstreamIdentity>> RedeemAsync(UpstreamProvider provider, UpstreamCode code, CancellationToken ct);

    /// <summary>Renews a token that has a refresh token (RFC 6749 §6). Tries again where the provider cannot have used that up.</summary>
    Task<UpstreamRenewal> RenewAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct);

    /// <summary>Tells the provider that the token is not needed any more, where it can be told (RFC 7009). True when it took note.</summary>
    Task<bool> RevokeAsync(UpstreamProvider provider, UpstreamToken token, CancellationToken ct);
}

/// <param name="SignInAgain">Whether a session there is not enough (<c>prompt=login</c>).</param>
public sealed record UpstreamAuthorization(Secret State, Secret Nonce, PkceChallenge CodeChallenge, string RedirectUri, bool SignInAgain);

/// <param name="Issuer">The <c>iss</c> that came with the code (RFC 9207), or null.</param>
/// <param name="Nonce">Hash of the nonce that was sent.</param>
public sealed record UpstreamCode(Secret Code, Secret CodeVerifier, TokenHash Nonce, string? Issuer, string RedirectUri);

public sealed record UpstreamIdentity(UpstreamUser User, UpstreamTokenSet Tokens);

/// <summary>What became of a renewal.</summary>
public abstract record UpstreamRenewal
{
    private UpstreamRenewal()
    {
    }

    public sealed record Renewed(UpstreamTokenSet Tokens) : UpstreamRenewal;

    /// <summary>The provider does not take the refresh token (<c>invalid_grant</c>), or renews another user's token.</summary>
    public sealed record Refused(string Detail) : UpstreamRenewal;

    /// <summary>The provider is in trouble; nothing is known of the refresh token.</summary>
    public sealed record Unavailable(string Detail) : UpstreamRenewal;
}
