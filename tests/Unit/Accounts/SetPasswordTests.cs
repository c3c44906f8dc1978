using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class SetPasswordTests
{
    private static readonly Secret Good = new("another long password");
    private readonly IAccounts accounts = Substitute.For<IAccounts>();

    public SetPasswordTests() =>
        accounts
            .SetPasswordAsync("alice", Good, Arg.Any<IReadOnlyCollection<string>?>(), Given.Ct)
            .Returns(new ReplacedPassword(new SignedInAccount(Given.Subject, "alice"), 1, 2, 0));

    [Fact]
    public async Task Removes_every_passkey_unless_they_are_to_be_kept()
    {
        Given.Served(await SetAsync(Good));
        await accounts.Received(1).SetPasswordAsync("alice", Good, null, Given.Ct);
        Given.Served(await SetAsync(Good, keepPasskeys: true));
        await accounts
            .Received(1)
            .SetPasswordAsync("alice", Good, Arg.Is<IReadOnlyCollection<string>?>(ids => ids != null && ids.Count == 0), Given.Ct);
    }

    [Theory]
    [InlineData("Password1!", "The password is one of the most common ones.")]
    [InlineData("alice2026", "The password is little more than the user name or the name of this server.")]
    [InlineData("OAuthMcp1!", "The password is little more than the user name or the name of this server.")]
    [InlineData("KestrelBank7", "The password is little more than the user name or the name of this server.")]
    public async Task Refuses_what_is_guessed_first(string password, string sentence)
    {
        Assert.Equal(sentence, Given.Refusal(await SetAsync(new Secret(password))).Description);
        await accounts.DidNotReceiveWithAnyArgs().SetPasswordAsync("", null!, null, Given.Ct);
    }

    private Task<Result<ReplacedPassword>> SetAsync(Secret password, bool keepPasskeys = false) =>
        new SetPasswordHandler(accounts, Given.Settings with { Brand = new() { Name = "Kestrel Bank" } }).Handle(
            new SetPasswordCommand("alice", password, keepPasskeys),
            Given.Ct
        );
}
