using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Tokens;

/// <summary>Reads signed tokens for people, good ones and others.</summary>
internal interface ITokenReader
{
    /// <summary>What it says, and whose signature it has; null for a text that is no signed token.</summary>
    Task<SignedToken?> ReadAsync(Secret token, CancellationToken ct);
}
