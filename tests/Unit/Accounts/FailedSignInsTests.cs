using OAuthMcp.Domain.Accounts;

namespace OAuthMcp.Unit.Accounts;

public sealed class FailedSignInsTests
{
    [Fact]
    public void L6_locks_a_place_out_with_the_last_that_is_allowed()
    {
        var failed = After(9);
        Assert.Null(failed.Wait(Given.Now));
        Assert.Equal(TimeSpan.FromMinutes(5), failed.Add(10, Given.Now).Wait(Given.Now));
        Assert.Null(failed.Add(10, Given.Now).Wait(Given.Now.AddMinutes(5)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(9, 1280)]
    [InlineData(30, 1280)]
    public void L6_each_lockout_is_twice_as_long_as_the_one_before(int lockouts, int minutes)
    {
        var (failed, now) = (FailedSignIns.None(Given.Now), Given.Now);
        for (var lockout = 1; lockout <= lockouts; lockout++)
        {
            now += failed.Wait(now) ?? TimeSpan.Zero;
            for (var attempt = 0; attempt < 10; attempt++)
                failed = failed.Add(10, now);
        }

        Assert.Equal(TimeSpan.FromMinutes(minutes), failed.Wait(now));
    }

    [Fact]
    public void L6_forgets_after_a_day_without_one()
    {
        Assert.Equal(10, After(9).Add(100, Given.Now.AddHours(23)).Count);
        Assert.Equal(1, After(9).Add(100, Given.Now.AddDays(1)).Count);
    }

    [Fact]
    public void L6_counts_a_known_device_by_itself_and_everybody_else_by_address_and_together()
    {
        var source = new SignInSource("198.51.100.7", "dev_1", Given.Subject);
        Assert.Equal(["device dev_1"], source.PlacesFor(Given.Subject).Select(place => place.Place));
        foreach (var subject in new[] { "usr_bob", null })
            Assert.Equal([("peer 198.51.100.7", 10), (SignInSource.Strangers, 100)], source.PlacesFor(subject));
    }

    private static FailedSignIns After(int attempts) =>
        Enumerable.Range(0, attempts).Aggregate(FailedSignIns.None(Given.Now), (failed, _) => failed.Add(10, Given.Now));
}
