using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class PkceChallengeTests
{
    // RFC 7636, appendix B.
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Fact]
    public void Is_proven_by_the_verifier_of_RFC_7636_appendix_B() =>
        Assert.True(Given.Served(PkceChallenge.Parse(Challenge, "S256")).IsProvenBy(new Secret(Verifier)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(Challenge)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk=")]
    public void T_06_is_not_proven_by_another_verifier(string? verifier) =>
        Assert.False(new PkceChallenge(Challenge).IsProvenBy(verifier is null ? null : new Secret(verifier)));

    // The challenge that each of these hashes to: refused for the verifier's shape (RFC 7636 §4.1), not for its hash.
    [Theory]
    [InlineData(42, 'a')]
    [InlineData(129, 'a')]
    [InlineData(43, '+')]
    [InlineData(43, '=')]
    [InlineData(43, ' ')]
    public void T_06_is_not_proven_by_a_malformed_verifier_even_if_the_hash_agrees(int length, char character)
    {
        var verifier = new Secret(new string(character, length));
        Assert.False(new PkceChallenge(TokenHash.Of(verifier).Value).IsProvenBy(verifier));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(128)]
    public void Verifier_may_have_43_to_128_characters(int length)
    {
        var verifier = new Secret("-._~" + new string('a', length - 4));
        Assert.True(new PkceChallenge(TokenHash.Of(verifier).Value).IsProvenBy(verifier));
    }

    [Fact]
    public void A_09_refuses_a_request_without_challenge() => AssertRefused(null, "S256", "code_challenge is required.");

    [Theory]
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("S512")]
    [InlineData(null)]
    public void A_10_refuses_every_method_but_S256(string? method) =>
        AssertRefused(Challenge, method, "code_challenge_method must be S256.");

    [Theory]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw/cM")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw cM")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c\u00b2")]
    [InlineData("")]
    public void A_11_refuses_a_malformed_challenge(string challenge) =>
        AssertRefused(challenge, "S256", "code_challenge must be 43 to 128 unreserved characters.");

    [Fact]
    public void A_11_refuses_a_challenge_of_129_characters() =>
        AssertRefused(new string('a', 129), "S256", "code_challenge must be 43 to 128 unreserved characters.");

    private static void AssertRefused(string? challenge, string? method, string description)
    {
        var refusal = Given.Refusal(PkceChallenge.Parse(challenge, method));
        Assert.Equal("invalid_request", refusal.Code);
        Assert.Equal(description, refusal.Description);
    }
}
