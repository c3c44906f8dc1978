using Microsoft.Extensions.Time.Testing;
using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class SharesTests
{
    private readonly FakeTimeProvider time = new(Given.Now);
    private readonly Shares shares;

    public SharesTests() => shares = new Shares(TimeSpan.FromMinutes(10), 5, time);

    [Fact]
    public void M3_the_oldest_of_an_owner_goes_out_for_one_too_many()
    {
        Assert.Equal([null, null, "a1", "a2"], new[] { "a1", "a2", "a3", "a4" }.Select(id => shares.Add("a", id, 2)));
        Assert.Null(shares.Add("b", "b1", 2));
    }

    [Fact]
    public void M3_what_is_over_counts_no_more()
    {
        shares.Add("a", "a1", 2);
        shares.Add("a", "a2", 2);
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(shares.Add("a", "a3", 2));
        Assert.Null(shares.Add("a", "a4", 2));
        Assert.Equal("a3", shares.Add("a", "a5", 2));
    }

    [Fact]
    public void M3_no_more_are_counted_than_there_can_be_however_many_owners_come()
    {
        shares.Add("a", "a1", 2);
        for (var owner = 0; owner < 5; owner++)
            Assert.Null(shares.Add($"{owner}", "x", 2));
        Assert.Null(shares.Add("a", "a2", 2)); // for which another was forgotten, and a1 before
        Assert.Null(shares.Add("a", "a3", 2));
        Assert.Equal("a2", shares.Add("a", "a4", 2));
    }

    [Fact]
    public void Zero_is_no_limit() => Assert.All(Enumerable.Range(0, 100), i => Assert.Null(shares.Add("a", $"{i}", 0)));
}
