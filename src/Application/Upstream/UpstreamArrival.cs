using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <summary>What came of a user's way to a provider.</summary>
public abstract record UpstreamArrival : IRefusable<UpstreamArrival>
{
    private UpstreamArrival() { }

    public virtual OAuthError? Error => null;

    public static UpstreamArrival Refused(OAuthError error) => new Went(error);

    public static implicit operator UpstreamArrival(OAuthError error) => new Went(error);

    /// <summary>The account is signed in, and the request or the page goes on.</summary>
    /// <param name="At">When that was at the provider; null when it does not say.</param>
    public sealed record SignedIn(SignedInAccount Account, DateTimeOffset? At, string? RequestId, string? Then) : UpstreamArrival;

    /// <summary>A second factor is asked for before that counts.</summary>
    public sealed record NeedsCode(SignedInAccount Account, string? RequestId, string? Then) : UpstreamArrival;

    /// <summary>Nobody has signed in, and this comes next.</summary>
    public sealed record Went(AuthorizeStep Step) : UpstreamArrival
    {
        public override OAuthError? Error => Step.Error;
    }
}
