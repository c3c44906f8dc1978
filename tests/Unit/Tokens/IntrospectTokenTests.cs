using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Tokens;

public sealed class IntrospectTokenTests
{
    private static readonly AccessTokenClaims Own = Given.AccessToken();
    private static readonly AccessTokenClaims Foreign = Given.AccessToken(issuedTo: "cli_other");

    private readonly IAccessTokenVerifier verifier = Substitute.For<IAccessTokenVerifier>();
    private readonly IAccessTokenStore store = Substitute.For<IAccessTokenStore>();

    public IntrospectTokenTests()
    {
        verifier
            .VerifyAsync(Arg.Any<Secret>(), Arg.Any<CancellationToken>())
            .Returns(OAuthError.InvalidToken("Not a token of this server."));
        store.FindStatusAsync(Arg.Any<AccessTokenClaims>(), Arg.Any<CancellationToken>()).Returns(new AccessTokenStatus(null, "alice"));
        Verifies(Own);
    }

    [Fact]
    public async Task A_registered_client_sees_its_own_token() => Assert.Same(Own, await SeenAsync(Given.Client()));

    [Fact]
    public async Task A_registered_client_sees_nothing_of_anothers_token()
    {
        Verifies(Foreign);
        Assert.Null(await SeenAsync(Given.Client()));
    }

    [Fact]
    public async Task An_operators_client_sees_every_token()
    {
        Verifies(Foreign);
        Assert.Same(Foreign, await SeenAsync(Given.Client(preRegistered: true)));
    }

    [Theory]
    [InlineData("cli_app")]
    [InlineData("cli_other")]
    public async Task An_operators_client_sees_nothing_of_a_token_that_was_ended(string issuedTo)
    {
        Verifies(Given.AccessToken(issuedTo));
        store
            .FindStatusAsync(Arg.Any<AccessTokenClaims>(), Arg.Any<CancellationToken>())
            .Returns(new AccessTokenStatus("grant revoked", "alice"));
        Assert.Null(await SeenAsync(Given.Client(preRegistered: true)));
    }

    [Fact]
    public async Task What_does_not_verify_is_not_active_and_no_reason_is_given()
    {
        Assert.Null(await SeenAsync(Given.Client(preRegistered: true), new Secret("garbage")));
        verifier
            .VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>())
            .Returns(OAuthError.InvalidToken("The access token has expired."));
        Assert.Null(await SeenAsync(Given.Client(preRegistered: true)));
    }

    [Fact]
    public async Task A_machines_token_dies_with_its_client()
    {
        Verifies(Given.AccessToken(issuedTo: "cli_gone", grantId: null));
        Assert.Null(await SeenAsync(Given.Client(preRegistered: true)));
        var own = Given.AccessToken(grantId: null);
        Verifies(own);
        Assert.Same(own, await SeenAsync(Given.Client(preRegistered: true) with { MachineScope = own.Scope }));
    }

    [Fact]
    public async Task Refuses_a_public_client_even_its_own_token()
    {
        AssertRefused(
            "cli_app is public",
            await IntrospectAsync(Given.Client(method: AuthMethods.None), Given.Credentials(method: AuthMethods.None))
        );
        var either = Given.Client(method: AuthMethods.PrivateKeyJwt) with { OtherAuthMethods = [AuthMethods.None] };
        AssertRefused("cli_app is public", await IntrospectAsync(either, Given.Credentials(method: AuthMethods.None)));
    }

    [Fact]
    public async Task Refuses_an_unproven_client_before_it_looks_at_the_token() =>
        AssertRefused(
            "wrong secret for cli_app",
            await IntrospectAsync(Given.Client(preRegistered: true), Given.Credentials(secret: new Secret("wrong")))
        );

    private void Verifies(AccessTokenClaims token) =>
        verifier.VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>()).Returns(token);

    private async Task<AccessTokenClaims?> SeenAsync(Client client, Secret? token = null) =>
        Given.Served(await IntrospectAsync(client, Given.Credentials(), token)).Token;

    private Task<Result<Introspection>> IntrospectAsync(Client client, ClientCredentials credentials, Secret? token = null) =>
        new IntrospectTokenHandler(
            Given.Authenticator(client),
            new AccessTokens(verifier, store, Given.Directory(client), new CurrentAct())
        ).Handle(new IntrospectTokenQuery(credentials, token ?? Given.AccessTokenValue), Given.Ct);

    private void AssertRefused(string detail, Result<Introspection> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(("invalid_client", detail), (refusal.Code, refusal.Detail));
        Assert.Empty(verifier.ReceivedCalls());
    }
}
