using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class ConfirmAuthenticatorTests
{
    private readonly AuthenticatorKey key = AuthenticatorKey.Generate();
    private readonly ISecondFactors factors = Substitute.For<ISecondFactors>();
    private IReadOnlyList<TokenHash>? stored;

    public ConfirmAuthenticatorTests()
    {
        factors.FindAsync(Given.Subject, Given.Ct).Returns(new SecondFactor(false, key, 0));
        factors
            .TryTurnOnAsync(
                Given.Subject,
                Given.Now.ToUnixTimeSeconds() / 30,
                Arg.Do<IReadOnlyList<TokenHash>>(hashes => stored = hashes),
                Given.Ct
            )
            .Returns(true);
    }

    [Fact]
    public async Task Tells_ten_recovery_codes_of_which_the_hashes_are_kept()
    {
        var confirmed = await ConfirmAsync(key.CodeAt(Given.Now));
        Assert.Equal(10, confirmed.RecoveryCodes!.Count);
        Assert.Equal(confirmed.RecoveryCodes.Select(RecoveryCode.HashOf), stored);
    }

    [Fact]
    public async Task Forgives_spaces_in_the_code() =>
        Assert.NotNull((await ConfirmAsync(key.CodeAt(Given.Now).Insert(3, " "))).RecoveryCodes);

    [Theory]
    [InlineData("000")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Lets_a_wrong_code_be_tried_again_with_the_same_key(string? code)
    {
        var confirmed = await ConfirmAsync(code);
        Assert.Null(confirmed.RecoveryCodes);
        Assert.Same(key, confirmed.Proposed);
        Assert.Null(stored);
    }

    [Fact]
    public async Task Confirms_nothing_that_was_not_proposed_or_is_on_already()
    {
        factors.FindAsync(Given.Subject, Given.Ct).Returns(new SecondFactor(true, null, 10));
        Assert.Equal(new ConfirmedAuthenticator(null, null), await ConfirmAsync(key.CodeAt(Given.Now)));
        Assert.Null(stored);
    }

    [Fact]
    public async Task Proposes_a_new_key_each_time_and_none_while_it_is_on()
    {
        var (first, second) = (Given.Served(await ProposeAsync()), Given.Served(await ProposeAsync()));
        Assert.NotEqual(first.Text(), second.Text());
        await factors.Received().ProposeAsync(Given.Subject, second, Given.Ct);
        factors.FindAsync(Given.Subject, Given.Ct).Returns(new SecondFactor(true, null, 10));
        Assert.Equal("An authenticator app is set up already.", Given.Refusal(await ProposeAsync()).Description);
    }

    private Task<ConfirmedAuthenticator> ConfirmAsync(string? code) =>
        new ConfirmAuthenticatorHandler(factors, new CurrentAct(), new FakeTimeProvider(Given.Now)).Handle(
            new ConfirmAuthenticatorCommand(Given.Subject, code),
            Given.Ct
        );

    private Task<Result<AuthenticatorKey>> ProposeAsync() =>
        new ProposeAuthenticatorHandler(factors).Handle(new ProposeAuthenticatorCommand(Given.Subject), Given.Ct);
}
