using OAuthMcp.Application.Accounts;
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
                .Validate(new AddAccountCommand(new string('a', 257), new Secret("password")))
                .Errors.Single()
                .ErrorMessage
        );
}
