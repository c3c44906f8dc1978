namespace OAuthMcp.Unit.Tokens;

public sealed class GrantTests
{
    [Fact]
    public void Holds_until_its_absolute_end()
    {
        var grant = Given.Grant(expiresAt: Given.Now.AddDays(90));
        Assert.Null(grant.Refuse(Given.Now.AddDays(90).AddTicks(-1)));
        var refusal = grant.Refuse(Given.Now.AddDays(90));
        Assert.Equal("invalid_grant", refusal?.Code);
        Assert.Equal("grant has reached its absolute end", refusal?.Detail);
    }

    [Fact]
    public void R_11_is_refused_once_revoked()
    {
        var refusal = Given.Grant(revokedAt: Given.Now).Refuse(Given.Now);
        Assert.Equal("invalid_grant", refusal?.Code);
        Assert.Equal("grant is revoked", refusal?.Detail);
    }

    [Fact]
    public void F_23_stays_revoked_when_the_clock_goes_back() =>
        Assert.NotNull(Given.Grant(revokedAt: Given.Now).Refuse(Given.Now.AddHours(-1)));
}
