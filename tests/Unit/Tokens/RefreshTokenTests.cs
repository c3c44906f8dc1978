using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Tokens;

public sealed class RefreshTokenTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    [Fact]
    public void Accepts_its_client() => Assert.Null(Given.RefreshToken().Refuse(Given.Client(), Given.Now));

    [Fact]
    public void R_06_rejects_a_token_issued_to_another_client() =>
        AssertRefused(
            "refresh token was issued to another client",
            Given.RefreshToken(issuedTo: "cli_other").Refuse(Given.Client(), Given.Now)
        );

    [Fact]
    public void R_10_rejects_a_token_that_nobody_used_in_time()
    {
        Assert.Null(Given.RefreshToken(expiresAt: Given.Now.AddTicks(1)).Refuse(Given.Client(), Given.Now));
        AssertRefused("refresh token has expired", Given.RefreshToken(expiresAt: Given.Now).Refuse(Given.Client(), Given.Now));
    }

    [Fact]
    public void R_02_lets_a_rotated_token_pass_to_the_store_however_late()
    {
        var rotated = Given.RefreshToken(rotatedAt: Given.Now.AddDays(-60), expiresAt: Given.Now.AddDays(-30));
        Assert.Null(rotated.Refuse(Given.Client(), Given.Now));
        AssertRefused("refresh token was issued to another client", rotated.Refuse(Given.Client("cli_other"), Given.Now));
    }

    [Fact]
    public void R_15_grace_runs_from_the_rotation()
    {
        var rotated = Given.RefreshToken(rotatedAt: Given.Now);
        Assert.True(rotated.IsWithinGrace(Grace, Given.Now));
        Assert.True(rotated.IsWithinGrace(Grace, Given.Now + Grace - TimeSpan.FromTicks(1)));
        Assert.False(rotated.IsWithinGrace(Grace, Given.Now + Grace));
        Assert.False(rotated.IsWithinGrace(TimeSpan.Zero, Given.Now));
        Assert.False(rotated.IsWithinGrace(TimeSpan.Zero, Given.Now - TimeSpan.FromSeconds(1))); // its request began before
        Assert.False(Given.RefreshToken().IsWithinGrace(Grace, Given.Now));
    }

    [Fact]
    public void R_04_successor_is_the_same_for_the_same_salt_and_another_for_anything_else()
    {
        var successor = RefreshToken.Successor(Given.RefreshTokenValue, "salt");
        Assert.Equal(successor, RefreshToken.Successor(Given.RefreshTokenValue, "salt"));
        Assert.NotEqual(successor, RefreshToken.Successor(Given.RefreshTokenValue, "other"));
        Assert.NotEqual(successor, RefreshToken.Successor(new Secret("other"), "salt"));
        Assert.Matches("^[A-Za-z0-9_-]{43}$", successor.Reveal());
    }

    [Fact]
    public void R_02_every_successor_says_the_family_of_the_first()
    {
        var first = RefreshToken.First();
        var third = RefreshToken.Successor(RefreshToken.Successor(first, "salt"), "salt");
        Assert.NotNull(RefreshToken.FamilyOf(first));
        Assert.Equal(RefreshToken.FamilyOf(first), RefreshToken.FamilyOf(third));
        Assert.NotEqual(RefreshToken.FamilyOf(first), RefreshToken.FamilyOf(RefreshToken.First()));
        Assert.Matches(@"^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$", third.Reveal());
        Assert.Null(RefreshToken.FamilyOf(Given.RefreshTokenValue));
        Assert.Null(RefreshToken.FamilyOf(new Secret(".x")));
    }

    private static void AssertRefused(string detail, OAuthError? refusal)
    {
        Assert.Equal("invalid_grant", refusal?.Code);
        Assert.Equal(detail, refusal?.Detail);
    }
}
