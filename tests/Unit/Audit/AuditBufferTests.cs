using System.Net;
using OAuthMcp.Application.Audit;
using OAuthMcp.Infrastructure.Audit;

namespace OAuthMcp.Unit.Audit;

public sealed class AuditBufferTests
{
    private readonly AuditBuffer buffer = new(new AuditSampling());

    [Fact]
    public void Counts_what_it_has_no_room_for_and_says_so()
    {
        const int Surplus = 7;
        for (var index = 0; index < AuditBuffer.Capacity + Surplus; index++)
            buffer.Add(Call());
        var events = TakeAll(Given.Now);
        Assert.Equal(AuditBuffer.Capacity, events.Count(happened => happened.What == AuditWords.ToolCall));
        Assert.Equal(
            "7 events were lost: they came faster than they could be written",
            Assert.Single(events, happened => happened.What == AuditWords.Missing).Reason
        );
        Assert.Empty(TakeAll(Given.Now));
    }

    [Fact]
    public void Keeps_the_first_of_equal_refusals_of_a_network_in_a_minute_and_counts_the_others()
    {
        for (var index = 0; index < 1000; index++)
            buffer.Add(Refusal($"2001:db8::{index:x}"));
        buffer.Add(Refusal("192.0.2.1"));
        buffer.Add(Call());
        var events = TakeAll(Given.Now);
        Assert.Equal(AuditSampling.MostAMinute + 2, events.Count);

        var later = TakeAll(Given.Now.AddMinutes(1));
        var leftOut = Assert.Single(later);
        Assert.Equal(("missing", "access", "invalid_token"), (leftOut.What, leftOut.Act, leftOut.ErrorCode));
        Assert.Equal($"{1000 - AuditSampling.MostAMinute} more refusals like those before them were left out", leftOut.Reason);
        buffer.Add(Refusal("2001:db8::1", Given.Now.AddMinutes(1)));
        Assert.Single(TakeAll(Given.Now.AddMinutes(1)));
    }

    [Fact]
    public void Keeps_a_bounded_number_of_the_refusals_of_any_number_of_peers()
    {
        for (var index = 0; index < 5000; index++)
            buffer.Add(Refusal($"10.0.{index / 250}.{index % 250}"));
        Assert.Equal(AuditSampling.MostKinds + AuditSampling.MostAMinute, TakeAll(Given.Now).Count);
    }

    private List<AuditEvent> TakeAll(DateTimeOffset now)
    {
        List<AuditEvent> events = [];
        buffer.Take(events, int.MaxValue, now);
        return events;
    }

    private static AuditEvent Call() => new(Given.Now, AuditWords.ToolCall, AuditWords.Allowed) { IsRoutine = true };

    private static AuditEvent Refusal(string peer, DateTimeOffset? at = null) =>
        new(at ?? Given.Now, AuditWords.Access, AuditWords.Refused)
        {
            ErrorCode = "invalid_token",
            Peer = IPAddress.Parse(peer),
            IsRoutine = true,
        };
}
