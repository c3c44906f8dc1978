using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class DeleteRegistrationTests
{
    private static readonly Secret Token = new("registration-token-canary");
    private readonly IClientStore store = Given.Store(
        Given.Client() with
        {
            RegistrationTokenHash = TokenHash.Of(Token),
        },
        Given.Client("cli_operators", preRegistered: true)
    );

    [Fact]
    public async Task Deletes_the_client_of_the_token()
    {
        Given.Served(await DeleteAsync(Given.ClientId, Token));
        await store.Received(1).DeleteAsync(Given.ClientId, Given.Now, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(Given.ClientId, "wrong")]
    [InlineData(Given.ClientId, null)]
    [InlineData("cli_operators", "registration-token-canary")]
    [InlineData("cli_unknown", "registration-token-canary")]
    public async Task D_17_deletes_nothing_without_the_token_of_that_client(string clientId, string? token)
    {
        Assert.Equal("invalid_token", Given.Refusal(await DeleteAsync(clientId, Secret.OrNull(token))).Code);
        await store.DidNotReceiveWithAnyArgs().DeleteAsync("", default, Given.Ct);
    }

    private Task<Result<RegistrationDeleted>> DeleteAsync(string clientId, Secret? token) =>
        new DeleteRegistrationHandler(new RegistrationAccess(store, new CurrentAct()), store, new FakeTimeProvider(Given.Now)).Handle(
            new DeleteRegistrationCommand(clientId, token),
            Given.Ct
        );
}
