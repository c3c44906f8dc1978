using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Audit;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class AddAccountTests
{
    [Theory]
    [InlineData("alice", 8, null)]
    [InlineData("alice", 1024, null)]
    [InlineData("", 8, "The user name is missing.")]
    [InlineData(null, 8, "The user name is missing.")]
    [InlineData("alice", null, "The password is empty.")]
    [InlineData("alice", 7, "The password must have 8 to 1024 characters.")]
    [InlineData("alice", 1025, "The password must have 8 to 1024 characters.")]
    public void Says_what_is_wrong_with_a_new_account(string? userName, int? length, string? refusal) =>
        Assert.Equal(
            refusal,
            new AddAccountValidator()
                .Validate(new AddAccountCommand(userName, length is { } characters ? new Secret(new string('p', characters)) : null))
                .Errors.SingleOrDefault()
                ?.ErrorMessage
        );

    [Fact]
    public void Refuses_a_user_name_longer_than_256_characters() =>
        Assert.Equal(
            "The user name is longer than 256 characters.",
            new AddAccountValidator()
                .Validate(new AddAccountCommand(new string('a', 257), new Secret("a long enough one")))
                .Errors.Single()
                .ErrorMessage
        );

    [Theory]
    [InlineData("password")]
    [InlineData("Password1")]
    [InlineData("QWERTYUIOP")]
    [InlineData("iloveyou")]
    public async Task U_10_refuses_a_password_that_everybody_tries(string password)
    {
        const string sentence = "The password is one of the most common ones.";
        var (accounts, secret) = (Substitute.For<IAccounts>(), new Secret(password));
        var added = await new AddAccountHandler(accounts, Given.Settings, new CurrentAct()).Handle(
            new AddAccountCommand("alice", secret),
            Given.Ct
        );
        var set = await new SetPasswordHandler(accounts, Given.Settings).Handle(new SetPasswordCommand("alice", secret), Given.Ct);
        var changed = await new ChangePasswordHandler(accounts, Given.Settings).Handle(
            new ChangePasswordCommand("alice", new Secret("correct horse battery"), secret),
            Given.Ct
        );
        Assert.Equal(sentence, Given.Refusal(added).Description);
        Assert.Equal(sentence, Given.Refusal(set).Description);
        Assert.Equal(sentence, Given.Refusal(changed).Description);
        Assert.Empty(accounts.ReceivedCalls());
    }
}
