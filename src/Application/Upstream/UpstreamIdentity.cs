using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Application.Upstream;

public sealed record UpstreamIdentity(UpstreamUser User, UpstreamTokenSet Tokens);
