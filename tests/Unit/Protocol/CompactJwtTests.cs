using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class CompactJwtTests
{
    [Theory]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    [InlineData("e30.e30.AA")]
    [InlineData("e30.e30.-_8")]
    public void Takes_three_parts_of_base64url(string token) => Assert.True(CompactJwt.IsStrict(token));

    [Theory]
    [InlineData("")]
    [InlineData("e30.e30")]
    [InlineData("e30.e30.AAAA.AAAA")]
    [InlineData("e30.e30.")]
    [InlineData(".e30.AAAA")]
    [InlineData("e30.e30.AA==")]
    [InlineData("e30=.e30.AA")]
    [InlineData("e30.e30.AA\n")]
    [InlineData("e30.e30.A A")]
    [InlineData("e30.e30.A+/A")]
    [InlineData("e30.e30.A")]
    [InlineData("e30.e30.AB")]
    [InlineData("e30.e30.AAB")]
    [InlineData("e31.e30.AA")]
    [InlineData("e30.e30.\u00e4A")]
    public void K_41_takes_no_other_spelling_of_one(string token) => Assert.False(CompactJwt.IsStrict(token));
}
