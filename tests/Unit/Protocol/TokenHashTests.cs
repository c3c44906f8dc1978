using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class TokenHashTests
{
    // FIPS 180-2, appendix B.1: SHA-256("abc"), here as base64url.
    [Fact]
    public void Is_the_SHA_256_of_the_secret() =>
        Assert.Equal("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", TokenHash.Of(new Secret("abc")).Value);

    [Fact]
    public void Matches_its_own_secret_only()
    {
        var hash = TokenHash.Of(new Secret("abc"));
        Assert.True(hash.Matches(new Secret("abc")));
        Assert.False(hash.Matches(new Secret("abC")));
        Assert.False(hash.Matches(new Secret("")));
        Assert.False(hash.Matches(new Secret(hash.Value)));
        Assert.False(default(TokenHash) == hash);
    }
}
