using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Upstream;

/// <param name="SignInAgain">Whether a session there is not enough (<c>prompt=login</c>, <c>max_age=0</c>).</param>
internal sealed record UpstreamAuthorization(Secret State, Secret Nonce, PkceChallenge CodeChallenge, string RedirectUri, bool SignInAgain);
