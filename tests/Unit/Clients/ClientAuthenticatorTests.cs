using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class ClientAuthenticatorTests
{
    [Theory]
    [InlineData(AuthMethods.None)]
    [InlineData(AuthMethods.ClientSecretBasic)]
    [InlineData(AuthMethods.ClientSecretPost)]
    public async Task Proves_a_client_by_its_registered_method(string method) =>
        Assert.Equal(
            Given.ClientId,
            Given.Served(await AuthenticateAsync(Given.Client(method: method), Given.Credentials(method: method))).Id
        );

    [Theory]
    [InlineData("cli_unknown", "unknown or disabled client")]
    [InlineData("", "unknown or disabled client")]
    [InlineData(null, "no client_id")]
    public async Task T_17_refuses_an_unknown_client(string? id, string detail) =>
        AssertInvalidClient(detail, await AuthenticateAsync(Given.Client(), Given.Credentials(id)));

    [Fact]
    public async Task T_17_refuses_a_wrong_secret() =>
        AssertInvalidClient(
            "wrong secret for cli_app",
            await AuthenticateAsync(Given.Client(), Given.Credentials(secret: new Secret("wrong")))
        );

    [Fact]
    public async Task T_17_refuses_a_confidential_client_without_secret() =>
        AssertInvalidClient(
            "wrong secret for cli_app",
            await AuthenticateAsync(Given.Client(), new ClientCredentials(Given.ClientId, null, AuthMethods.ClientSecretPost))
        );

    [Fact]
    public async Task T_17_refuses_the_stored_hash_as_secret() =>
        AssertInvalidClient(
            "wrong secret for cli_app",
            await AuthenticateAsync(Given.Client(), Given.Credentials(secret: new Secret(Given.Client().SecretHash!.Value)))
        );

    [Fact]
    public async Task A_confidential_client_that_lost_its_hash_is_nobody() =>
        AssertInvalidClient(
            "wrong secret for cli_app",
            await AuthenticateAsync(
                new Client
                {
                    Id = Given.ClientId,
                    RedirectUris = [],
                    GrantTypes = [],
                    TokenEndpointAuthMethod = AuthMethods.ClientSecretPost,
                    CreatedAt = Given.Now,
                },
                Given.Credentials()
            )
        );

    [Theory]
    [InlineData(AuthMethods.ClientSecretPost, AuthMethods.ClientSecretBasic)]
    [InlineData(AuthMethods.ClientSecretBasic, AuthMethods.ClientSecretPost)]
    [InlineData(AuthMethods.ClientSecretPost, AuthMethods.None)]
    [InlineData(AuthMethods.None, AuthMethods.ClientSecretPost)]
    public async Task T_18_refuses_every_method_but_the_registered_one(string registered, string used) =>
        AssertInvalidClient(
            $"cli_app is registered for {registered}, not {used}",
            await AuthenticateAsync(Given.Client(method: registered), Given.Credentials(method: used))
        );

    [Fact]
    public async Task T_21_refuses_a_disabled_client() =>
        AssertInvalidClient(
            "unknown or disabled client",
            await AuthenticateAsync(Given.Client(disabledAt: Given.Now), Given.Credentials())
        );

    [Fact]
    public async Task T_14_refuses_two_methods_at_once_in_the_words_of_the_reader()
    {
        var malformed = OAuthError.InvalidRequest("The client authenticates in two ways.");
        Assert.Same(malformed, Given.Refusal(await AuthenticateAsync(Given.Client(), Given.Credentials() with { Malformed = malformed })));
    }

    private static Task<Result<Client>> AuthenticateAsync(Client client, ClientCredentials credentials) =>
        Given.Authenticator(client).AuthenticateAsync(credentials, Given.Ct);

    private static void AssertInvalidClient(string detail, Result<Client> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(("invalid_client", "Client authentication failed.", detail), (refusal.Code, refusal.Description, refusal.Detail));
    }
}
