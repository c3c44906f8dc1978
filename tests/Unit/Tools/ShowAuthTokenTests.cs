using NSubstitute;
using OAuthMcp.Application.Tools;

namespace OAuthMcp.Unit.Tools;

public sealed class ShowAuthTokenTests
{
    private readonly ITokenContext context = Substitute.For<ITokenContext>();

    [Theory]
    [InlineData("eyJ0.payload.sig9", "eyJ0****sig9")]
    [InlineData("12345678", "****")]
    public async Task Shows_the_ends_of_the_token_and_nothing_of_a_short_one(string token, string shown)
    {
        context.Caller.Returns(Given.Caller(token));
        Assert.Equal(new MaskedToken(shown), (await ShowAsync()).Value);
    }

    [Fact]
    public async Task Says_how_to_get_a_token_when_there_is_none()
    {
        context.Caller.Returns((Caller?)null);
        Assert.Equal(
            (null, "There is no token: set the API_KEY environment variable of this server."),
            ((await ShowAsync()).Value, (await ShowAsync()).Failure)
        );
    }

    private Task<ToolOutcome<MaskedToken>> ShowAsync() => new ShowAuthTokenHandler(context).Handle(new ShowAuthTokenQuery(), Given.Ct);
}
