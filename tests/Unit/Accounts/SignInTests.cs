using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class SignInTests
{
    private readonly IAccounts accounts = Substitute.For<IAccounts>();

    [Fact]
    public async Task Forgives_spaces_around_the_user_name()
    {
        var signedIn = new SignInOutcome.SignedIn(new SignedInAccount(Given.Subject, "alice"));
        accounts.CheckPasswordAsync("alice", new Secret("password"), SignInSource.Unknown, Arg.Any<CancellationToken>()).Returns(signedIn);
        Assert.Same(
            signedIn,
            await new SignInHandler(accounts, Given.Settings, new CurrentAct()).Handle(
                new SignInCommand(" alice ", new Secret("password")),
                Given.Ct
            )
        );
    }

    [Theory]
    [InlineData("alice", 1024, true)]
    [InlineData("alice", 1025, false)]
    [InlineData("alice", null, false)]
    [InlineData("", 8, false)]
    [InlineData("  ", 8, false)]
    [InlineData(null, null, false)]
    public void Needs_a_name_and_a_password_of_sane_length(string? userName, int? length, bool isValid) =>
        Assert.Equal(
            isValid,
            new SignInValidator()
                .Validate(new SignInCommand(userName, length is { } characters ? new Secret(new string('p', characters)) : null))
                .IsValid
        );

    [Fact]
    public void C_18_malformed_input_is_a_wrong_password_like_any_other() =>
        Assert.IsType<SignInOutcome.WrongPassword>(SignInOutcome.Refused(OAuthError.InvalidRequest("")));
}
