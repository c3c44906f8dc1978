using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class AssertionAuthenticationTests
{
    private const string Jwks = """{"keys":["its own"]}""";
    private const string JwksUri = "https://app.example/jwks.json";
    private static readonly Secret Assertion = new("assertion-canary");
    private static readonly ClientAssertion Verified = new("jti-1", Given.Now.AddMinutes(5));
    private static readonly Client Signing = Given.Client(method: AuthMethods.PrivateKeyJwt) with { SecretHash = null, Jwks = Jwks };

    private readonly IClientAssertions assertions = Substitute.For<IClientAssertions>();
    private readonly IUsedOnce used = Substitute.For<IUsedOnce>();
    private readonly IMetadataDocuments documents = Substitute.For<IMetadataDocuments>();

    public AssertionAuthenticationTests()
    {
        assertions.SubjectOf(Assertion).Returns(Given.ClientId);
        assertions.VerifyAsync(Arg.Any<Client>(), Assertion, Arg.Any<string?>(), Arg.Any<CancellationToken>()).Returns(Verified);
        used.TryUseAsync(UsedKind.Assertion, $"{Given.ClientId} {Verified.JwtId}", Verified.ExpiresAt, Arg.Any<CancellationToken>())
            .Returns(true);
    }

    [Theory]
    [InlineData(Given.ClientId)]
    [InlineData(null)]
    public async Task Proves_a_client_that_the_request_names_or_the_assertion_alone(string? clientId)
    {
        Assert.Same(Signing, Given.Served(await AuthenticateAsync(Signing, clientId)));
        await assertions.Received(1).VerifyAsync(Signing, Assertion, Jwks, Arg.Any<CancellationToken>());
        Assert.Empty(documents.ReceivedCalls());
    }

    [Fact]
    public async Task Refuses_an_assertion_that_names_nobody()
    {
        assertions.SubjectOf(Assertion).Returns((string?)null);
        AssertInvalidClient("no client_id", await AuthenticateAsync(Signing));
    }

    [Fact]
    public async Task Refuses_an_assertion_of_a_client_that_is_unknown_or_disabled()
    {
        assertions.SubjectOf(Assertion).Returns("cli_unknown");
        AssertInvalidClient("unknown or disabled client", await AuthenticateAsync(Signing));
        assertions.SubjectOf(Assertion).Returns(Given.ClientId);
        AssertInvalidClient("unknown or disabled client", await AuthenticateAsync(Signing with { DisabledAt = Given.Now }));
        await AssertNeitherVerifiedNorUsedAsync();
    }

    [Fact]
    public async Task Verifies_for_the_client_that_the_request_names_whomever_the_assertion_names()
    {
        assertions.SubjectOf(Assertion).Returns("cli_other");
        await AuthenticateAsync(Signing, Given.ClientId);
        await assertions.Received(1).VerifyAsync(Signing, Assertion, Jwks, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Fetches_the_keys_of_a_client_that_says_where_they_are()
    {
        var pointing = Signing with { Jwks = null, JwksUri = JwksUri };
        documents.FetchKeysAsync(JwksUri, Arg.Any<CancellationToken>()).Returns("""{"keys":["fetched"]}""");
        Given.Served(await AuthenticateAsync(pointing));
        await assertions.Received(1).VerifyAsync(pointing, Assertion, """{"keys":["fetched"]}""", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Verifies_against_no_keys_when_there_are_none_to_be_had()
    {
        var pointing = Signing with { Jwks = null, JwksUri = JwksUri };
        documents.FetchKeysAsync(JwksUri, Arg.Any<CancellationToken>()).Returns((string?)null);
        await AuthenticateAsync(pointing);
        await assertions.Received(1).VerifyAsync(pointing, Assertion, null, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Refuses_in_the_words_of_the_verifier_and_does_not_remember_what_it_could_not_verify()
    {
        var forged = OAuthError.InvalidClient("assertion of cli_app: another audience");
        assertions.VerifyAsync(Arg.Any<Client>(), Assertion, Arg.Any<string?>(), Arg.Any<CancellationToken>()).Returns(forged);
        Assert.Same(forged, Given.Refusal(await AuthenticateAsync(Signing)));
        await used.DidNotReceiveWithAnyArgs().TryUseAsync(default, "", default, Given.Ct);
    }

    [Fact]
    public async Task Refuses_an_assertion_that_was_used_before()
    {
        used.TryUseAsync(UsedKind.Assertion, $"{Given.ClientId} {Verified.JwtId}", Verified.ExpiresAt, Arg.Any<CancellationToken>())
            .Returns(false);
        AssertInvalidClient("assertion of cli_app replayed", await AuthenticateAsync(Signing));
    }

    [Theory]
    [InlineData(AuthMethods.ClientSecretBasic)]
    [InlineData(AuthMethods.ClientSecretPost)]
    [InlineData(AuthMethods.None)]
    public async Task T_18_refuses_an_assertion_of_a_client_that_is_registered_for_something_else(string registered)
    {
        AssertInvalidClient(
            $"cli_app is registered for {registered}, not private_key_jwt",
            await AuthenticateAsync(Given.Client(method: registered))
        );
        await AssertNeitherVerifiedNorUsedAsync();
    }

    [Theory]
    [InlineData(AuthMethods.ClientSecretBasic)]
    [InlineData(AuthMethods.ClientSecretPost)]
    [InlineData(AuthMethods.None)]
    public async Task T_18_refuses_a_client_that_signs_and_comes_with_something_else(string method) =>
        AssertInvalidClient(
            $"cli_app is registered for private_key_jwt, not {method}",
            await Authenticator(Signing).AuthenticateAsync(Given.Credentials(method: method), Given.Ct)
        );

    [Fact]
    public async Task A_client_with_a_choice_may_sign_or_not()
    {
        var either = Signing with { OtherAuthMethods = [AuthMethods.None] };
        Given.Served(await Authenticator(either).AuthenticateAsync(Given.Credentials(method: AuthMethods.None), Given.Ct));
        await AssertNeitherVerifiedNorUsedAsync();
        Given.Served(await AuthenticateAsync(either));
        used.TryUseAsync(UsedKind.Assertion, $"{Given.ClientId} {Verified.JwtId}", Verified.ExpiresAt, Arg.Any<CancellationToken>())
            .Returns(false);
        AssertInvalidClient("assertion of cli_app replayed", await AuthenticateAsync(either));
    }

    private ClientAuthenticator Authenticator(Client client) =>
        new(
            new ClientDirectory(Given.Store(client), documents, new MetClients(), Given.Settings, new FakeTimeProvider(Given.Now)),
            assertions,
            used,
            documents,
            new CurrentAct()
        );

    private Task<Result<Client>> AuthenticateAsync(Client client, string? clientId = null) =>
        Authenticator(client).AuthenticateAsync(new ClientCredentials(clientId, null, AuthMethods.PrivateKeyJwt, Assertion), Given.Ct);

    private async Task AssertNeitherVerifiedNorUsedAsync()
    {
        await assertions.DidNotReceiveWithAnyArgs().VerifyAsync(null!, null!, null, Given.Ct);
        await used.DidNotReceiveWithAnyArgs().TryUseAsync(default, "", default, Given.Ct);
    }

    private static void AssertInvalidClient(string detail, Result<Client> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(("invalid_client", "Client authentication failed.", detail), (refusal.Code, refusal.Description, refusal.Detail));
    }
}
