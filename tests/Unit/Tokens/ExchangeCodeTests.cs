using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Tokens;

public sealed class ExchangeCodeTests
{
    private readonly IAuthorizationCodeStore codes = Substitute.For<IAuthorizationCodeStore>();
    private readonly IGrantStore grants = Substitute.For<IGrantStore>();
    private readonly IAccessTokenSigner signer = Substitute.For<IAccessTokenSigner>();
    private readonly FakeTimeProvider clock = new(Given.Now);
    private RefreshToken? first;

    public ExchangeCodeTests()
    {
        codes.FindAsync(TokenHash.Of(Given.CodeValue), Arg.Any<CancellationToken>()).Returns(Given.Code());
        codes
            .TryRedeemAsync(
                TokenHash.Of(Given.CodeValue),
                Given.Now,
                Arg.Do<RefreshToken?>(token => first = token),
                Arg.Any<CancellationToken>()
            )
            .Returns(true);
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant());
        signer.Sign(Arg.Any<AccessTokenClaims>()).Returns(Given.AccessTokenValue);
    }

    [Fact]
    public async Task T_01_issues_the_tokens_of_the_grant()
    {
        AccessTokenClaims? signed = null;
        signer.Sign(Arg.Do<AccessTokenClaims>(token => signed = token)).Returns(Given.AccessTokenValue);

        var response = Given.Served(await ExchangeAsync());

        Assert.Equal(Given.AccessTokenValue, response.AccessToken);
        Assert.Equal(TimeSpan.FromHours(1), response.ExpiresIn);
        Assert.Equal("mcp.read mcp.write", response.Scope.ToString());
        Assert.Equal(
            (Given.Issuer, Given.Resource, Given.Subject, Given.ClientId, "grt_1"),
            (signed!.Issuer, signed.Audience, signed.Subject, signed.ClientId, signed.GrantId)
        );
        Assert.Equal((response.Scope, Given.Now, Given.Now.AddHours(1)), (signed.Scope, signed.IssuedAt, signed.ExpiresAt));
        Assert.Equal(
            (TokenHash.Of(response.RefreshToken!), "grt_1", Given.ClientId, Given.Now.AddDays(30)),
            (first!.Hash, first.GrantId, first.ClientId, first.ExpiresAt)
        );
    }

    [Fact]
    public async Task R_17_issues_no_refresh_token_to_a_client_without_the_grant()
    {
        Assert.Null(Given.Served(await ExchangeAsync(client: Given.Client(grantTypes: ["authorization_code"]))).RefreshToken);
        await codes.Received(1).TryRedeemAsync(TokenHash.Of(Given.CodeValue), Given.Now, null, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Access_token_ends_with_its_grant()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(expiresAt: Given.Now.AddMinutes(5)));
        Assert.Equal(TimeSpan.FromMinutes(5), Given.Served(await ExchangeAsync()).ExpiresIn);
    }

    [Fact]
    public async Task T_17_looks_at_nothing_before_the_client_is_proven()
    {
        await AssertRefusedAsync(
            "invalid_client",
            "wrong secret for cli_app",
            ExchangeAsync(Given.Credentials(secret: new Secret("wrong")))
        );
        Assert.Empty(codes.ReceivedCalls());
    }

    [Fact]
    public async Task Rejects_a_client_without_the_authorization_code_grant() =>
        await AssertRefusedAsync(
            "unauthorized_client",
            "client has no authorization_code grant",
            ExchangeAsync(client: Given.Client(grantTypes: ["refresh_token"]))
        );

    [Fact]
    public async Task Rejects_another_resource() =>
        await AssertRefusedAsync("invalid_target", "resource is another origin", ExchangeAsync(resource: "https://other.example/mcp"));

    [Fact]
    public async Task T_05_rejects_an_unknown_code() =>
        await AssertRefusedAsync("invalid_grant", "unknown code", ExchangeAsync(code: new Secret("random")));

    [Fact]
    public async Task T_06_rejects_a_wrong_verifier() =>
        await AssertRefusedAsync("invalid_grant", "code_verifier does not match", ExchangeAsync(verifier: new Secret(new string('a', 43))));

    [Fact]
    public async Task T_07_rejects_a_code_issued_to_another_client()
    {
        codes.FindAsync(TokenHash.Of(Given.CodeValue), Arg.Any<CancellationToken>()).Returns(Given.Code(issuedTo: "cli_other"));
        await AssertRefusedAsync("invalid_grant", "code was issued to another client", ExchangeAsync());
    }

    [Fact]
    public async Task T_10_rejects_a_code_a_second_too_late()
    {
        clock.Advance(TimeSpan.FromSeconds(61));
        await AssertRefusedAsync("invalid_grant", "code has expired", ExchangeAsync());
    }

    [Fact]
    public async Task T_21_rejects_a_code_whose_user_is_disabled()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns((Grant?)null);
        await AssertRefusedAsync("invalid_grant", "no such grant, or its user is disabled", ExchangeAsync());
    }

    [Fact]
    public async Task T_21_rejects_a_code_whose_grant_was_withdrawn()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(revokedAt: Given.Now));
        await AssertRefusedAsync("invalid_grant", "grant is revoked", ExchangeAsync());
    }

    [Fact]
    public async Task T_11_revokes_the_grant_when_a_replay_proves_everything_else()
    {
        codes.FindAsync(TokenHash.Of(Given.CodeValue), Arg.Any<CancellationToken>()).Returns(Given.Code(redeemedAt: Given.Now));
        codes.TryRedeemAsync(null!, default, null, Given.Ct).ReturnsForAnyArgs(false);

        var refusal = Given.Refusal(await ExchangeAsync());

        Assert.Equal(("invalid_grant", "code replayed, grant revoked"), (refusal.Code, refusal.Detail));
        await grants.Received(1).RevokeAsync("grt_1", Given.Now, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("verifier", "code_verifier does not match")]
    [InlineData("redirect_uri", "redirect_uri differs from the authorization request")]
    [InlineData("client", "code was issued to another client")]
    public async Task T_12_leaves_the_grant_alive_when_a_replay_proves_less(string wrong, string detail)
    {
        codes.FindAsync(TokenHash.Of(Given.CodeValue), Arg.Any<CancellationToken>()).Returns(Given.Code(redeemedAt: Given.Now));
        codes.TryRedeemAsync(null!, default, null, Given.Ct).ReturnsForAnyArgs(false);
        await AssertRefusedAsync(
            "invalid_grant",
            detail,
            wrong switch
            {
                "verifier" => ExchangeAsync(verifier: new Secret(new string('a', 43))),
                "redirect_uri" => ExchangeAsync(redirectUri: "https://evil.example/"),
                _ => ExchangeAsync(Given.Credentials("cli_other"), Given.Client("cli_other")),
            }
        );
    }

    [Fact]
    public async Task Trouble_with_the_key_does_not_spend_the_code()
    {
        signer.Sign(Arg.Any<AccessTokenClaims>()).Throws(new InvalidOperationException("no key"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => ExchangeAsync());
        await codes.DidNotReceiveWithAnyArgs().TryRedeemAsync(null!, default, null, Given.Ct);
    }

    private Task<Result<TokenResponse>> ExchangeAsync(
        ClientCredentials? credentials = null,
        Client? client = null,
        Secret? code = null,
        string? redirectUri = Given.Callback,
        Secret? verifier = null,
        string resource = Given.Resource
    ) =>
        new ExchangeCodeHandler(
            Given.Authenticator(client ?? Given.Client()),
            codes,
            new LiveGrants(grants, new CurrentAct()),
            new TokenIssuer(signer, Given.Settings, new CurrentAct()),
            clock
        ).Handle(
            new ExchangeCodeCommand(
                credentials ?? Given.Credentials(),
                code ?? Given.CodeValue,
                redirectUri,
                verifier ?? Given.Verifier,
                [resource]
            ),
            Given.Ct
        );

    /// <summary>Refused, and neither spent nor revoked.</summary>
    private async Task AssertRefusedAsync(string code, string detail, Task<Result<TokenResponse>> exchange)
    {
        var refusal = Given.Refusal(await exchange);
        Assert.Equal((code, detail), (refusal.Code, refusal.Detail));
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
        await codes.DidNotReceiveWithAnyArgs().TryRedeemAsync(null!, default, null, Given.Ct);
    }
}
