using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>A successful answer of the token endpoint (RFC 6749 §5.1).</summary>
internal sealed record TokenResponse(Secret AccessToken, TimeSpan ExpiresIn, ScopeSet Scope, Secret? RefreshToken);
