using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>What became of a renewal.</summary>
public abstract record UpstreamRenewal
{
    private UpstreamRenewal() { }

    public sealed record Renewed(UpstreamTokenSet Tokens) : UpstreamRenewal;

    /// <summary>The provider does not take the refresh token (<c>invalid_grant</c>), or renews another user's token.</summary>
    public sealed record Refused(string Detail) : UpstreamRenewal;

    /// <summary>The provider is in trouble; nothing is known of the refresh token.</summary>
    public sealed record Unavailable(string Detail) : UpstreamRenewal;
}
