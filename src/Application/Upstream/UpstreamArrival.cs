using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Telemetry;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <summary>How the way of a user to a provider ended.</summary>
internal abstract record UpstreamArrival : IRefusable<UpstreamArrival>
{
    private UpstreamArrival() { }

    public virtual OAuthError? Error => null;

    public static UpstreamArrival Refused(OAuthError error) => new Went(error);

    public static implicit operator UpstreamArrival(OAuthError error) => new Went(error);

    /// <summary>Counts it as an attempt to sign in, unless it was something else: an account linked, a user who went back.</summary>
    internal UpstreamArrival Counted()
    {
        var outcome = this switch
        {
            SignedIn => "signed_in",
            NeedsCode => "needs_code",
            { Error: not null } => "refused",
            _ => null,
        };
        if (outcome is not null)
            Instruments.SignedIn("provider", outcome);
        return this;
    }

    /// <summary>The account is signed in, and the request or the page goes on.</summary>
    /// <param name="At">When the user signed in there; null when the provider does not say.</param>
    public sealed record SignedIn(SignedInAccount Account, DateTimeOffset? At, string? RequestId, string? Then) : UpstreamArrival;

    /// <summary>A second factor is asked for before the sign-in counts.</summary>
    public sealed record NeedsCode(SignedInAccount Account, string? RequestId, string? Then) : UpstreamArrival;

    /// <summary>Nobody has signed in, and this step comes next.</summary>
    public sealed record Went(AuthorizeStep Step) : UpstreamArrival
    {
        public override OAuthError? Error => Step.Error;
    }
}
