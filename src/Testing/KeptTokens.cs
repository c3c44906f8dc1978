using ModelContextProtocol.Authentication;

namespace OAuthMcp.Testing;

/// <summary>The tokens of one client, while it lives.</summary>
internal sealed class KeptTokens : ITokenCache
{
    public TokenContainer? Current { get; private set; }

    public ValueTask StoreTokensAsync(TokenContainer tokens, CancellationToken cancellationToken)
    {
        Current = tokens;
        return default;
    }

    public ValueTask<TokenContainer?> GetTokensAsync(CancellationToken cancellationToken) => new(Current);
}
