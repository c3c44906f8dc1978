using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class AuthenticatorKeyTests
{
    /// <summary>The key of RFC 6238, appendix B, "12345678901234567890", in base32.</summary>
    private static readonly AuthenticatorKey Key = AuthenticatorKey.Parse(new Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));

    [Theory] // RFC 6238, appendix B, the last six of its eight digits
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Makes_the_codes_of_the_RFC(long seconds, string code) =>
        Assert.Equal(code, Key.CodeAt(DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Theory]
    [InlineData("287082", 59, 1)]
    [InlineData("287082", 60, 1)]
    [InlineData("287082", 89, 1)]
    [InlineData("287082", 90, null)]
    [InlineData("287082", 0, 1)]
    [InlineData("287083", 59, null)]
    [InlineData("28708", 59, null)]
    [InlineData("2870820", 59, null)]
    [InlineData("", 59, null)]
    [InlineData("２８７０８２", 59, null)]
    public void Finds_the_step_of_a_code_one_step_off_at_most(string code, long seconds, int? step) =>
        Assert.Equal(step, Key.FindStep(code, DateTimeOffset.FromUnixTimeSeconds(seconds)));

    [Fact]
    public void Reads_its_own_text()
    {
        var key = AuthenticatorKey.Generate();
        Assert.Matches("^[A-Z2-7]{32}$", key.Text().Reveal());
        Assert.Equal(key.CodeAt(Given.Now), AuthenticatorKey.Parse(key.Text()).CodeAt(Given.Now));
        Assert.NotEqual(key.Text(), AuthenticatorKey.Generate().Text());
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Key.Text().Reveal());
    }

    [Fact]
    public void Names_issuer_and_account_in_its_URI() =>
        Assert.Equal(
            "otpauth://totp/My%20server:a%26b%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=My%20server",
            Key.Uri("My server", "a&b@example.com").Reveal()
        );

    [Fact]
    public void Recovery_codes_are_80_random_bits_in_groups_that_can_be_told_apart()
    {
        var codes = Enumerable.Range(0, 100).Select(_ => RecoveryCode.Generate().Reveal()).ToList();
        Assert.All(codes, code => Assert.Matches("^[a-km-np-z2-9]{4}(-[a-km-np-z2-9]{4}){3}$", code));
        Assert.Equal(100, codes.Distinct().Count());
    }

    [Theory]
    [InlineData("ABCD-EFGH-JKMN-PQRS", true)]
    [InlineData(" abcdefgh jkmnpqrs ", true)]
    [InlineData("abcd-efgh-jkmn-pqrt", false)]
    [InlineData("", false)]
    public void Recovery_codes_are_known_however_they_are_typed(string typed, bool isKnown) =>
        Assert.Equal(isKnown, RecoveryCode.HashOf(new Secret("abcd-efgh-jkmn-pqrs")) == RecoveryCode.HashOf(new Secret(typed)));
}
