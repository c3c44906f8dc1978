using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class UpdateRegistrationTests
{
    private const string Jwks = Given.Jwks;
    private const string Other = "https://app.example/other";
    private static readonly Secret Token = new("registration-token-canary");
    private static readonly Client Registered = Given.Client(redirectUris: [Given.Callback, Other]) with
    {
        RegistrationTokenHash = TokenHash.Of(Token),
    };

    private static readonly ClientMetadata Same = new()
    {
        ClientId = Given.ClientId,
        RedirectUris = [Given.Callback, Other],
        ClientName = "App",
        TokenEndpointAuthMethod = AuthMethods.ClientSecretPost,
    };

    private Client? stored;

    [Fact]
    public async Task D_17_rotates_the_token_and_keeps_the_secret()
    {
        var registration = Given.Served(await UpdateAsync(Same with { ClientName = "App 2" }));
        Assert.Same(stored, registration.Client);
        Assert.Equal(
            ("App 2", Given.ClientId, Registered.CreatedAt, Registered.SecretHash),
            (stored!.Name, stored.Id, stored.CreatedAt, stored.SecretHash)
        );
        Assert.Null(registration.ClientSecret);
        Assert.True(stored.RegistrationTokenHash!.Matches(registration.RegistrationToken));
        Assert.False(stored.RegistrationTokenHash!.Matches(Token));
    }

    [Fact]
    public async Task May_narrow_what_the_client_has()
    {
        Given.Served(await UpdateAsync(Same with { RedirectUris = [Other], GrantTypes = ["authorization_code"] }));
        Assert.Equal((Other, "authorization_code"), (stored!.RedirectUris.Single(), stored.GrantTypes.Single()));
    }

    [Theory]
    [InlineData("https://evil.example/cb")]
    [InlineData("https://app.example/callback/")]
    [InlineData("http://localhost:3000/cb")]
    public async Task D_17_cannot_send_codes_elsewhere(string uri)
    {
        AssertRefused("invalid_redirect_uri", await UpdateAsync(Same with { RedirectUris = [Given.Callback, Other, uri] }));
        AssertRefused("invalid_redirect_uri", await UpdateAsync(Same with { RedirectUris = [uri] }));
    }

    [Fact]
    public async Task D_17_cannot_add_a_grant_type()
    {
        AssertRefused("invalid_client_metadata", await UpdateAsync(Same, Registered with { GrantTypes = ["authorization_code"] }));
        AssertRefused("invalid_client_metadata", await UpdateAsync(Same with { GrantTypes = ["client_credentials"] }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("private_key_jwt")]
    public async Task D_17_cannot_authenticate_otherwise(string? method) =>
        AssertRefused(
            "invalid_client_metadata",
            await UpdateAsync(Same with { TokenEndpointAuthMethod = method, Jwks = method == "private_key_jwt" ? Jwks : null })
        );

    [Fact]
    public async Task D_17_cannot_bring_other_keys()
    {
        var signing = Registered with { TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt, SecretHash = null, Jwks = Jwks };
        var same = Same with { TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt, Jwks = Jwks };
        AssertRefused(
            "invalid_client_metadata",
            await UpdateAsync(same with { Jwks = Jwks.Replace("\"1\"", "\"2\"", StringComparison.Ordinal) }, signing)
        );
        AssertRefused(
            "invalid_client_metadata",
            await UpdateAsync(same with { Jwks = null, JwksUri = "https://evil.example/jwks.json" }, signing)
        );
        Given.Served(await UpdateAsync(same, signing));
        Assert.Equal((Jwks, null), (stored!.Jwks, stored.JwksUri));
    }

    [Fact]
    public async Task D_17_cannot_sign_by_another_algorithm()
    {
        var signing = Registered with
        {
            TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt,
            SecretHash = null,
            Jwks = Jwks,
            AssertionAlgorithm = "ES256",
        };
        var same = Same with { TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt, Jwks = Jwks };
        AssertRefused("invalid_client_metadata", await UpdateAsync(same, signing));
        AssertRefused("invalid_client_metadata", await UpdateAsync(same with { TokenEndpointAuthSigningAlg = "RS256" }, signing));
        Given.Served(await UpdateAsync(same with { TokenEndpointAuthSigningAlg = "ES256" }, signing));
    }

    [Fact]
    public async Task Cannot_accept_methods_that_a_registration_does_not_offer()
    {
        Given.Served(await UpdateAsync(Same with { TokenEndpointAuthMethodsSupported = ["none", "private_key_jwt"] }));
        Assert.Empty(stored!.OtherAuthMethods);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cli_other")]
    [InlineData("CLI_APP")]
    public async Task Refuses_metadata_of_another_client(string? clientId) =>
        AssertRefused("invalid_request", await UpdateAsync(Same with { ClientId = clientId }));

    [Fact]
    public async Task D_03_checks_the_metadata_as_a_registration_does() =>
        AssertRefused(
            "invalid_redirect_uri",
            await UpdateAsync(
                Same with
                {
                    RedirectUris = ["javascript:alert(1)"],
                },
                Registered with
                {
                    RedirectUris = ["javascript:alert(1)"],
                }
            )
        );

    [Fact]
    public async Task D_17_cannot_revive_a_disabled_client() =>
        AssertRefused("invalid_token", await UpdateAsync(Same, Registered with { DisabledAt = Given.Now }));

    [Fact]
    public async Task D_17_refuses_a_wrong_token_before_it_looks_at_the_metadata() =>
        AssertRefused(
            "invalid_token",
            await UpdateAsync(new ClientMetadata(), Registered with { RegistrationTokenHash = TokenHash.Of(new Secret("another")) })
        );

    private Task<Result<ClientRegistration>> UpdateAsync(ClientMetadata metadata, Client? client = null)
    {
        var store = Given.Store(client ?? Registered);
        store.ReplaceAsync(Arg.Do<Client>(replaced => stored = replaced), Arg.Any<CancellationToken>()).Returns(Task.CompletedTask);
        return new UpdateRegistrationHandler(new RegistrationAccess(store, new CurrentAct()), store, Given.Settings).Handle(
            new UpdateRegistrationCommand(Given.ClientId, Token, metadata),
            Given.Ct
        );
    }

    private void AssertRefused(string code, Result<ClientRegistration> result)
    {
        Assert.Equal(code, Given.Refusal(result).Code);
        Assert.Null(stored);
    }
}
