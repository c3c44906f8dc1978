using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Domain.Upstream;

/// <summary>A token response of a provider (RFC 6749 §5.1). Members it left out are null.</summary>
internal sealed record UpstreamTokenSet(Secret AccessToken, Secret? RefreshToken, TimeSpan? ExpiresIn, IReadOnlyList<string>? Scope);
