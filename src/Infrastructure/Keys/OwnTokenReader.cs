using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Tokens;

namespace OAuthMcp.Infrastructure.Keys;

/// <summary>Reads tokens with the keys of this server, also with those whose time is over. One that was withdrawn is gone.</summary>
internal sealed class OwnTokenReader(SigningKeyRing keys, SigningKeyReader reader) : ITokenReader
{
    public async Task<SignedToken?> ReadAsync(Secret token, CancellationToken ct)
    {
        await reader.ReadAgainAsync(ct);
        return await SignedTokens.ReadAsync(token, keys.Known);
    }
}
