using NSubstitute;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Accounts;

public sealed class AddPasskeyTests
{
    private static readonly PasskeyAnswer Answer = new(new Secret("credential"), new Secret("state"));
    private readonly IPasskeys passkeys = Substitute.For<IPasskeys>();

    [Theory]
    [InlineData(" my laptop ", "my laptop")]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public async Task Names_it_as_its_owner_does(string? name, string? named)
    {
        passkeys.ListAsync(Given.Subject, Given.Ct).Returns([]);
        passkeys.AddAsync(Given.Subject, named, Answer, Given.Ct).Returns(new Passkey("id", named, Given.Now));
        Assert.Equal(named, Given.Served(await AddAsync(name)).Name);
    }

    [Fact]
    public async Task Adds_no_twenty_first()
    {
        passkeys.ListAsync(Given.Subject, Given.Ct).Returns([.. Enumerable.Repeat(new Passkey("id", null, Given.Now), 20)]);
        Assert.Equal("The account has as many passkeys as it can have.", Given.Refusal(await AddAsync(null)).Description);
        await passkeys.DidNotReceiveWithAnyArgs().AddAsync("", null, null!, Given.Ct);
    }

    [Theory]
    [InlineData(64, 16 * 1024, true)]
    [InlineData(65, 16, false)]
    [InlineData(0, (16 * 1024) + 1, false)]
    public void Takes_values_of_sane_length(int name, int credential, bool isValid) =>
        Assert.Equal(
            isValid,
            new AddPasskeyValidator()
                .Validate(
                    new AddPasskeyCommand(
                        Given.Subject,
                        new string('n', name),
                        Answer with
                        {
                            Credential = new Secret(new string('c', credential)),
                        }
                    )
                )
                .IsValid
        );

    private Task<Result<Passkey>> AddAsync(string? name) =>
        new AddPasskeyHandler(passkeys).Handle(new AddPasskeyCommand(Given.Subject, name, Answer), Given.Ct);
}
