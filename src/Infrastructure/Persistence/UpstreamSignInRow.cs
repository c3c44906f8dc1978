using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence;

/// <summary>A user on the way to a provider; the verifier is sealed.</summary>
internal sealed record UpstreamSignInRow(
    TokenHash State,
    string Provider,
    TokenHash Nonce,
    string SealedCodeVerifier,
    TokenHash Browser,
    string? RequestId,
    string? Then,
    string? LinkTo,
    DateTimeOffset CreatedAt,
    DateTimeOffset? UsedAt
);
