using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Keys;
using OAuthMcp.Domain.Keys;

namespace OAuthMcp.Unit.Keys;

public sealed class RevokeKeyTests
{
    private readonly ISigningKeys keys = Substitute.For<ISigningKeys>();
    private readonly FakeTimeProvider time = new(Given.Now);
    private readonly List<KeyTimes> stored = [Key("old", -1000), Key("present", -500), Key("next", 5)];

    public RevokeKeyTests()
    {
        keys.ListAsync(Arg.Any<CancellationToken>()).Returns(_ => stored);
        keys.AddAsync(Arg.Any<string>(), Arg.Any<DateTimeOffset>(), Arg.Any<CancellationToken>())
            .Returns(call => new KeyTimes("made", call.ArgAt<string>(0), call.ArgAt<DateTimeOffset>(1), false));
        keys.TryWithdrawAsync(Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(true);
        keys.TryDeleteAsync(Arg.Any<string>(), Arg.Any<CancellationToken>()).Returns(true);
    }

    [Fact]
    public async Task L5_another_key_signs_at_once_when_the_signing_one_is_withdrawn()
    {
        Assert.Equal(new KeyTimes("made", "ES256", Given.Now, false), (await RevokeAsync("present"))?.Next);
        await keys.Received().TryWithdrawAsync("present", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task L5_makes_no_key_when_another_signs()
    {
        Assert.Null((await RevokeAsync("old"))!.Next);
        await keys.Received().TryWithdrawAsync("old", Arg.Any<CancellationToken>());
        await keys.DidNotReceiveWithAnyArgs().AddAsync(default!, default, Given.Ct);
    }

    [Fact]
    public async Task L5_a_key_that_never_signed_leaves_no_trace_by_which_the_present_one_would_end()
    {
        Assert.Null((await RevokeAsync("next"))!.Next);
        await keys.Received().TryDeleteAsync("next", Arg.Any<CancellationToken>());
        await keys.DidNotReceiveWithAnyArgs().TryWithdrawAsync(default!, Given.Ct);
    }

    [Fact]
    public async Task H3_makes_no_key_of_an_algorithm_that_this_shell_does_not_know_to_be_the_servers()
    {
        stored.Add(Key("rsa", -100) with { Algorithm = "RS256" });
        Assert.Null((await RevokeAsync("rsa"))!.Next);
        await keys.Received().TryWithdrawAsync("rsa", Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("gone")]
    public async Task Refuses_a_key_that_is_not_in_use(string id)
    {
        stored.Add(Key("gone", -50) with { IsWithdrawn = true });
        var result = await new RevokeKeyHandler(keys, Given.Settings, time).Handle(new RevokeKeyCommand(id), CancellationToken.None);
        Assert.Equal("There is no key of that id in use.", result.Error?.Description);
    }

    private static KeyTimes Key(string id, int minute) => new(id, "ES256", Given.Now.AddMinutes(minute), false);

    private async Task<RevokedKey?> RevokeAsync(string id)
    {
        var result = await new RevokeKeyHandler(keys, Given.Settings, time).Handle(new RevokeKeyCommand(id), CancellationToken.None);
        return result.Try(out var revoked, out _) ? revoked : null;
    }
}
