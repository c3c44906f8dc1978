using Microsoft.Extensions.Time.Testing;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Unit.Revocations;

public sealed class RevocationListTests
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private readonly FakeTimeProvider clock = new();
    private readonly RevocationList list;
    private readonly AccessTokenClaims token = Given.AccessToken(grantId: "grt_1");

    public RevocationListTests()
    {
        list = new RevocationList(clock, Life);
        list.BeginAnew(5);
        list.Settle(list.Look());
    }

    [Fact]
    public void Believes_what_was_read_until_an_entry_names_something_of_the_token()
    {
        (RevocationKind, string)[] own =
        [
            (RevocationKind.Grant, "grt_1"),
            (RevocationKind.User, token.Subject),
            (RevocationKind.Client, token.ClientId),
            (RevocationKind.Token, token.JwtId),
        ];
        var number = 5;
        foreach (var (kind, id) in own)
        {
            var mark = list.Mark();
            Hear(new Revocation(++number, kind, "another"));
            Hear(new Revocation(++number, own.First(other => other.Item1 != kind).Item1, id)); // the id of another kind
            Assert.True(list.Covers(mark, token));
            Hear(new Revocation(++number, kind, id));
            Assert.False(list.Covers(mark, token));
            Assert.True(list.Covers(list.Mark(), token));
        }
    }

    [Fact]
    public void A_machine_has_no_grant_that_could_end()
    {
        var (machine, mark) = (Given.AccessToken(grantId: null), list.Mark());
        Hear(new Revocation(6, RevocationKind.Grant, "grt_1"));
        Assert.True(list.Covers(mark, machine));
    }

    [Fact]
    public void What_was_read_before_the_entry_came_is_not_believed_however_late_it_is_kept()
    {
        var mark = list.Mark(); // and the row is read
        Hear(new Revocation(6, RevocationKind.Grant, "grt_1"));
        Assert.False(list.Covers(mark, token));
    }

    [Fact]
    public void Believes_nothing_before_the_first_look_and_when_the_last_is_two_seconds_old()
    {
        var fresh = new RevocationList(clock, Life);
        Assert.False(fresh.Covers(fresh.Mark(), token));

        var mark = list.Mark();
        clock.Advance(RevocationList.Patience - TimeSpan.FromMilliseconds(1));
        Assert.True(list.Covers(mark, token));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(list.Covers(mark, token));
        list.Settle(list.Look());
        Assert.True(list.Covers(mark, token));
    }

    [Fact]
    public void A_look_counts_from_its_beginning()
    {
        var (mark, look) = (list.Mark(), list.Look());
        clock.Advance(RevocationList.Patience); // it took that long
        list.Settle(look);
        Assert.False(list.Covers(mark, token));
    }

    [Fact]
    public void After_an_act_of_its_own_believes_nothing_until_a_look_that_began_after_it()
    {
        var (mark, early) = (list.Mark(), list.Look());
        list.Doubt();
        Assert.False(list.Covers(mark, token));
        list.Settle(early);
        Assert.False(list.Covers(mark, token));
        list.Settle(list.Look());
        Assert.True(list.Covers(mark, token));
    }

    [Fact]
    public void Begins_anew_when_entries_were_missed_or_the_feed_is_another_one()
    {
        var mark = list.Mark();
        Hear(new Revocation(7, RevocationKind.Grant, "another"));
        Assert.False(list.Covers(mark, token));
        Assert.Equal(7, list.Last);

        mark = list.Mark();
        list.Take([new Revocation(9, RevocationKind.Grant, "another"), new Revocation(10, RevocationKind.Grant, "another")]);
        Assert.False(list.Covers(mark, token));
        Assert.Equal(10, list.Last);

        mark = list.Mark();
        list.Take([]);
        Assert.False(list.Covers(mark, token));
        Assert.Equal(0, list.Last);
        Assert.True(list.Covers(list.Mark(), token));
    }

    [Fact]
    public void Believes_nothing_that_was_read_before_everything_ended()
    {
        var mark = list.Mark();
        Hear(new Revocation(6, RevocationKind.Everything, RevocationFeed.All));
        Assert.Equal((6, false, true), (list.Last, list.Covers(mark, token), list.Covers(list.Mark(), token)));
    }

    [Fact]
    public void Forgets_an_entry_when_nothing_read_before_it_is_believed_any_more()
    {
        var mark = list.Mark();
        clock.Advance(TimeSpan.FromMinutes(1));
        Hear(new Revocation(6, RevocationKind.Grant, "another"));
        clock.Advance(Life - TimeSpan.FromMinutes(1));
        list.Settle(list.Look());
        Assert.Equal((1, false), (list.Count, list.Covers(mark, token)));
        clock.Advance(TimeSpan.FromMinutes(1));
        list.Settle(list.Look());
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void Remembers_a_later_entry_of_the_same_when_it_forgets_the_earlier()
    {
        Hear(new Revocation(6, RevocationKind.User, token.Subject));
        clock.Advance(Life / 2);
        list.Settle(list.Look());
        var mark = list.Mark();
        Hear(new Revocation(7, RevocationKind.User, token.Subject));
        clock.Advance(Life / 2);
        list.Settle(list.Look());
        Assert.Equal((1, false), (list.Count, list.Covers(mark, token)));
    }

    [Fact]
    public void Begins_anew_rather_than_remember_more_than_it_may()
    {
        var mark = list.Mark();
        list.Take([
            .. Enumerable.Range(6, RevocationList.Most).Select(number => new Revocation(number, RevocationKind.Token, $"at_{number}")),
        ]);
        list.Settle(list.Look());
        Assert.Equal((RevocationList.Most, true), (list.Count, list.Covers(mark, token)));
        Hear(new Revocation(RevocationList.Most + 6, RevocationKind.Token, "at_one_more"));
        Assert.Equal((0, false), (list.Count, list.Covers(mark, token)));
        Assert.True(list.Covers(list.Mark(), token));
    }

    [Fact]
    public void Says_that_something_was_heard_and_nothing_when_nothing_was()
    {
        var seen = list.Seen;
        Hear(new Revocation(5, RevocationKind.Grant, "known"));
        Assert.Equal(seen, list.Seen);
        Hear(new Revocation(6, RevocationKind.Grant, "another"));
        Assert.NotEqual(seen, list.Seen);
    }

    private void Hear(Revocation entry)
    {
        list.Take([entry]);
        list.Settle(list.Look());
    }
}
