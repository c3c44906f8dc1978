using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class ChangePasswordTests
{
    private static readonly SignedInAccount Alice = new(Given.Subject, "alice");
    private static readonly ReplacedPassword Replaced = new(Alice, 1, 0, 0);
    private readonly IAccounts accounts = Substitute.For<IAccounts>();

    public ChangePasswordTests() =>
        accounts
            .SetPasswordAsync("alice", new Secret("another long password"), Arg.Any<IReadOnlyCollection<string>?>(), Given.Ct)
            .Returns(Replaced);

    [Fact]
    public async Task Sets_the_new_password_for_who_knows_the_old_one_with_a_second_factor_or_without()
    {
        foreach (SignInOutcome right in new SignInOutcome[] { new SignInOutcome.SignedIn(Alice), new SignInOutcome.NeedsCode(Alice) })
            Assert.Same(Replaced, Given.Served(await ChangeAsync(right)));
    }

    [Fact]
    public async Task Refuses_who_does_not()
    {
        Assert.Equal("Wrong user name or password.", Given.Refusal(await ChangeAsync(new SignInOutcome.WrongPassword())).Description);
        Assert.Equal(
            TimeSpan.FromMinutes(5),
            Given.Refusal(await ChangeAsync(new SignInOutcome.LockedOut(TimeSpan.FromMinutes(5)))).RetryAfter
        );
        Assert.Equal(
            "Wrong user name or password.",
            Given.Refusal(await ChangeAsync(new SignInOutcome.SignedIn(Alice), current: null)).Description
        );
        await accounts.DidNotReceiveWithAnyArgs().SetPasswordAsync("", null!, null, Given.Ct);
    }

    [Fact]
    public async Task Removes_the_passkeys_that_were_chosen_and_else_none()
    {
        await ChangeAsync(new SignInOutcome.SignedIn(Alice));
        await ChangeAsync(new SignInOutcome.SignedIn(Alice), passkeys: ["AQID"]);
        Assert.Equal(
            [
                [],
                ["AQID"],
            ],
            accounts
                .ReceivedCalls()
                .Where(call => call.GetMethodInfo().Name == nameof(IAccounts.SetPasswordAsync))
                .Select(call => (IReadOnlyCollection<string>)call.GetArguments()[2]!)
        );
    }

    private Task<Result<ReplacedPassword>> ChangeAsync(
        SignInOutcome outcome,
        string? current = "correct horse battery",
        IReadOnlyList<string>? passkeys = null
    )
    {
        accounts.CheckPasswordAsync("alice", new Secret("correct horse battery"), SignInSource.Unknown, Given.Ct).Returns(outcome);
        return new ChangePasswordHandler(accounts, Given.Settings).Handle(
            new ChangePasswordCommand("alice", Secret.OrNull(current), new Secret("another long password"), null, passkeys),
            Given.Ct
        );
    }
}
