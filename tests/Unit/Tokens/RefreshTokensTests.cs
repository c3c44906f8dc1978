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

public sealed class RefreshTokensTests
{
    private readonly IRefreshTokenStore tokens = Substitute.For<IRefreshTokenStore>();
    private readonly IGrantStore grants = Substitute.For<IGrantStore>();
    private readonly IAccessTokenSigner signer = Substitute.For<IAccessTokenSigner>();
    private readonly FakeTimeProvider clock = new(Given.Now);
    private AccessTokenClaims? signed;

    public RefreshTokensTests()
    {
        tokens.FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>()).Returns(Given.RefreshToken());
        tokens.TryRotateAsync(null!, default, "", null!, Given.Ct).ReturnsForAnyArgs(true);
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant());
        signer.Sign(Arg.Do<AccessTokenClaims>(token => signed = token)).Returns(Given.AccessTokenValue);
    }

    [Fact]
    public async Task R_01_answers_with_a_new_refresh_token()
    {
        RefreshToken? successor = null;
        tokens
            .TryRotateAsync(
                TokenHash.Of(Given.RefreshTokenValue),
                Given.Now,
                Arg.Any<string>(),
                Arg.Do<RefreshToken>(token => successor = token),
                Arg.Any<CancellationToken>()
            )
            .Returns(true);

        var response = Given.Served(await RefreshAsync());

        Assert.NotEqual(Given.RefreshTokenValue, response.RefreshToken);
        Assert.Equal(
            (TokenHash.Of(response.RefreshToken!), "grt_1", Given.ClientId, Given.Now.AddDays(30)),
            (successor!.Hash, successor.GrantId, successor.ClientId, successor.ExpiresAt)
        );
        Assert.Equal(
            (Given.AccessTokenValue, "mcp.read mcp.write", TimeSpan.FromHours(1)),
            (response.AccessToken, response.Scope.ToString(), response.ExpiresIn)
        );
    }

    [Fact]
    public async Task Draws_a_new_successor_for_each_rotation() =>
        Assert.NotEqual(Given.Served(await RefreshAsync()).RefreshToken, Given.Served(await RefreshAsync()).RefreshToken);

    [Fact]
    public async Task R_07_narrows_the_access_token_for_once()
    {
        Assert.Equal("mcp.read", Given.Served(await RefreshAsync(scope: "mcp.read")).Scope.ToString());
        Assert.Equal("mcp.read", signed!.Scope.ToString());
        Assert.Equal("mcp.read mcp.write", Given.Served(await RefreshAsync(scope: null)).Scope.ToString());
        Assert.Equal("mcp.read mcp.write", signed!.Scope.ToString());
    }

    [Theory]
    [InlineData("mcp.write")]
    [InlineData("mcp.read mcp.write")]
    public async Task R_07_refuses_a_scope_wider_than_the_grant(string scope)
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(scope: "mcp.read"));
        await AssertRefusedAsync("invalid_scope", "scope exceeds the grant", RefreshAsync(scope: scope));
    }

    [Fact]
    public async Task R_07_refuses_a_malformed_scope() =>
        await AssertRefusedAsync("invalid_scope", "scope holds a character outside of scope-token", RefreshAsync(scope: "mcp.read\""));

    [Theory]
    [InlineData("mcp.write", "mcp.read", "mcp.read")]
    [InlineData("mcp.read", "openid mcp.read", "mcp.read")]
    [InlineData("mcp.read", "offline_access", "mcp.read")]
    public async Task R_07_serves_what_the_grant_implies_and_drops_what_nobody_knows(string granted, string asked, string served)
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(scope: granted));
        Assert.Equal(served, Given.Served(await RefreshAsync(scope: asked)).Scope.ToString());
    }

    [Fact]
    public async Task R_06_rejects_a_token_issued_to_another_client()
    {
        tokens
            .FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>())
            .Returns(Given.RefreshToken(issuedTo: "cli_other"));
        await AssertRefusedAsync("invalid_grant", "refresh token was issued to another client", RefreshAsync());
    }

    [Fact]
    public async Task R_08_rejects_another_resource() =>
        await AssertRefusedAsync("invalid_target", "resource is another path", RefreshAsync(resources: [Given.Issuer + "/other"]));

    [Fact]
    public async Task R_08_keeps_the_audience_when_resource_is_omitted()
    {
        Given.Served(await RefreshAsync(resources: []));
        Assert.Equal(Given.Resource, signed!.Audience);
    }

    [Fact]
    public async Task R_10_rejects_an_idle_token()
    {
        clock.Advance(TimeSpan.FromDays(30));
        await AssertRefusedAsync("invalid_grant", "refresh token has expired", RefreshAsync());
    }

    [Fact]
    public async Task R_10_rejects_a_token_whose_grant_has_reached_its_end()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(expiresAt: Given.Now));
        await AssertRefusedAsync("invalid_grant", "grant has reached its absolute end", RefreshAsync());
    }

    [Fact]
    public async Task R_11_rejects_a_token_whose_grant_is_revoked_or_gone()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant(revokedAt: Given.Now));
        await AssertRefusedAsync("invalid_grant", "grant is revoked", RefreshAsync());
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns((Grant?)null);
        await AssertRefusedAsync("invalid_grant", "no such grant, or its user is disabled", RefreshAsync());
    }

    [Fact]
    public async Task R_17_rejects_a_client_without_the_grant() =>
        await AssertRefusedAsync(
            "unauthorized_client",
            "client has no refresh_token grant",
            RefreshAsync(client: Given.Client(grantTypes: ["authorization_code"]))
        );

    [Fact]
    public async Task Rejects_an_unknown_token() =>
        await AssertRefusedAsync("invalid_grant", "unknown refresh token", RefreshAsync(token: new Secret("random")));

    [Fact]
    public async Task Looks_at_nothing_before_the_client_is_proven()
    {
        await AssertRefusedAsync(
            "invalid_client",
            "wrong secret for cli_app",
            RefreshAsync(Given.Credentials(secret: new Secret("wrong")))
        );
        Assert.Empty(tokens.ReceivedCalls());
    }

    [Fact]
    public async Task Trouble_with_the_key_does_not_spend_the_token()
    {
        signer.Sign(Arg.Any<AccessTokenClaims>()).Throws(new InvalidOperationException("no key"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RefreshAsync());
        await tokens.DidNotReceiveWithAnyArgs().TryRotateAsync(null!, default, "", null!, Given.Ct);
    }

    private Task<Result<TokenResponse>> RefreshAsync(
        ClientCredentials? credentials = null,
        Client? client = null,
        Secret? token = null,
        string? scope = null,
        string[]? resources = null
    ) =>
        new RefreshTokensHandler(
            Given.Authenticator(client ?? Given.Client()),
            tokens,
            new LiveGrants(grants, new CurrentAct()),
            new TokenIssuer(signer, Given.Settings, new CurrentAct()),
            clock
        ).Handle(
            new RefreshTokensCommand(
                credentials ?? Given.Credentials(),
                token ?? Given.RefreshTokenValue,
                scope,
                resources ?? [Given.Resource]
            ),
            Given.Ct
        );

    /// <summary>Refused, and neither rotated nor revoked.</summary>
    private async Task AssertRefusedAsync(string code, string detail, Task<Result<TokenResponse>> refresh)
    {
        var refusal = Given.Refusal(await refresh);
        Assert.Equal((code, detail), (refusal.Code, refusal.Detail));
        await tokens.DidNotReceiveWithAnyArgs().TryRotateAsync(null!, default, "", null!, Given.Ct);
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
    }
}
