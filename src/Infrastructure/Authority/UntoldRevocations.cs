using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Infrastructure.Authority;

/// <summary>An external authorization server tells of no revocation. It has to be asked.</summary>
internal sealed class UntoldRevocations : IRevocations
{
    public long Seen => 0;

    public TimeSpan? Lag => null;
}
