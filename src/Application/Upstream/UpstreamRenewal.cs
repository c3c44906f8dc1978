using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <summary>What became of a renewal.</summary>
internal abstract record UpstreamRenewal
{
    private UpstreamRenewal() { }

    /// <summary>In a word, for a count.</summary>
    public abstract string Outcome { get; }

    public sealed record Renewed(UpstreamTokenSet Tokens) : UpstreamRenewal
    {
        public override string Outcome => "renewed";
    }

    /// <summary>The provider does not take the refresh token (<c>invalid_grant</c>), or renews another user's token.</summary>
    public sealed record Refused(string Detail) : UpstreamRenewal
    {
        public override string Outcome => "refused";
    }

    /// <summary>The provider is in trouble; nothing is known of the refresh token.</summary>
    public sealed record Unavailable(string Detail) : UpstreamRenewal
    {
        public override string Outcome => "unavailable";
    }
}
