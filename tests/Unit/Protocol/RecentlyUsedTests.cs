using OAuthMcp.Application.Protocol;

namespace OAuthMcp.Unit.Protocol;

public sealed class RecentlyUsedTests
{
    private readonly RecentlyUsed<string, string> known = new(10, StringComparer.Ordinal);

    [Fact]
    public void What_is_used_stays_however_many_others_come()
    {
        known.Keep("used", "here");
        for (var number = 0; number < 1000; number++)
        {
            known.Keep($"other {number}", "");
            Assert.Equal("here", known.Find("used"));
        }
    }

    [Fact]
    public void What_is_not_used_is_there_while_fewer_come_than_are_kept_and_forgotten_after_twice_as_many()
    {
        known.Keep("unused", "here");
        foreach (var number in Enumerable.Range(0, 9))
            known.Keep($"other {number}", "");
        Assert.Equal("here", known.Find("unused")); // once, which counts as a use

        foreach (var number in Enumerable.Range(10, 20))
            known.Keep($"other {number}", "");

        Assert.Null(known.Find("unused"));
    }

    [Fact]
    public void The_newest_value_is_found_and_none_when_it_is_forgotten()
    {
        known.Keep("key", "old");
        foreach (var number in Enumerable.Range(0, 9))
            known.Keep($"other {number}", "");
        known.Keep("key", "new");
        Assert.Equal("new", known.Find("key"));

        known.Forget("key");

        Assert.Null(known.Find("key"));
    }
}
