using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Upstream;

namespace OAuthMcp.Unit.Upstream;

public sealed class UpstreamTokenTests
{
    private static readonly UpstreamToken Token = Upstreams.Token();

    [Theory]
    [InlineData(0, true, false)]
    [InlineData(28739, true, false)]
    [InlineData(28740, true, true)]
    [InlineData(28799, true, true)]
    [InlineData(28800, false, true)]
    public void Is_due_a_minute_before_it_expires(int seconds, bool isLive, bool isDue) =>
        Assert.Equal(
            (isLive, isDue, false),
            (
                Token.IsLive(Given.Now.AddSeconds(seconds)),
                Token.IsDue(Given.Now.AddSeconds(seconds)),
                Token.IsDead(Given.Now.AddSeconds(seconds))
            )
        );

    [Fact]
    public void Lives_for_ever_when_nobody_says_how_long()
    {
        var token = Token with { ExpiresAt = null };
        Assert.Equal(
            (true, false, false),
            (token.IsLive(Given.Now.AddYears(10)), token.IsDue(Given.Now.AddYears(10)), token.IsDead(Given.Now.AddYears(10)))
        );
    }

    [Fact]
    public void Is_dead_when_it_has_expired_and_cannot_be_renewed()
    {
        var token = Token with { RefreshToken = null };
        Assert.False(token.IsDead(Given.Now.AddHours(7)));
        Assert.True(token.IsDead(Given.Now.AddHours(8)));
        Assert.False(token.IsDue(Given.Now.AddHours(8)));
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void R_20_is_dead_after_three_refusals(int refusals, bool isDead) =>
        Assert.Equal(isDead, (Token with { Refusals = refusals }).IsDead(Given.Now));

    [Fact]
    public void Renewing_counts_on_forgets_refusals_and_ends_the_lease()
    {
        var renewed = (Token with { Refusals = 2, Lease = "lse_1", LeasedUntil = Given.Now.AddSeconds(30) }).Renew(
            new UpstreamTokenSet(new Secret("new"), new Secret("new refresh"), TimeSpan.FromHours(8), ["gist"]),
            Given.Now.AddHours(8)
        );
        Assert.Equal(
            (Token.Generation + 1, 0, null, null, Given.Now.AddHours(16)),
            (renewed.Generation, renewed.Refusals, renewed.Lease, renewed.LeasedUntil, renewed.ExpiresAt)
        );
        Assert.Equal(
            ("new", "new refresh", "gist"),
            (renewed.AccessToken.Reveal(), renewed.RefreshToken!.Reveal(), Assert.Single(renewed.Scope))
        );
    }

    [Fact]
    public void Renewing_keeps_what_the_answer_does_not_repeat() // RFC 6749 §6
    {
        var renewed = Token.Renew(new UpstreamTokenSet(new Secret("new"), null, null, null), Given.Now);
        Assert.Equal((Token.RefreshToken, Token.Scope, null), (renewed.RefreshToken, renewed.Scope, renewed.ExpiresAt));
    }

    [Theory]
    [InlineData("read:user repo", "repo", "")]
    [InlineData("read:user repo gist", "repo", "gist")]
    [InlineData("repo:status admin:org", "repo", "admin:org")]
    [InlineData("repo", "repo:status", "repo")]
    [InlineData("openid profile email groups offline_access", "", "")] // what signing in takes was granted, or nobody were signed in
    [InlineData("openid api", "openid", "api")]
    public void C_27_misses_what_was_asked_for_and_not_granted(string asked, string granted, string missing) =>
        Assert.Equal(List(missing), (Upstreams.Provider with { Scopes = List(asked) }).Missing(Token with { Scope = List(granted) }));

    private static string[] List(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
