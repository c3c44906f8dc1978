using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <param name="Issuer">The <c>iss</c> that came with the code (RFC 9207), or null.</param>
/// <param name="Nonce">Hash of the nonce that was sent.</param>
internal sealed record UpstreamCode(Secret Code, Secret CodeVerifier, TokenHash Nonce, string? Issuer, string RedirectUri);
