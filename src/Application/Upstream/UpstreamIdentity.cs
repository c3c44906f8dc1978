using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

/// <param name="SignedInAt">When the user showed the provider who it is (<c>auth_time</c>, OpenID Connect Core §2); null when it does
/// not say.</param>
internal sealed record UpstreamIdentity(UpstreamUser User, UpstreamTokenSet Tokens, DateTimeOffset? SignedInAt = null);
