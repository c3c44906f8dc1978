using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Tokens;

public sealed class RevokeTokenTests
{
    private readonly IRefreshTokenStore refreshTokens = Substitute.For<IRefreshTokenStore>();
    private readonly IGrantStore grants = Substitute.For<IGrantStore>();
    private readonly IAccessTokenVerifier verifier = Substitute.For<IAccessTokenVerifier>();
    private readonly IAccessTokenStore accessTokens = Substitute.For<IAccessTokenStore>();
    private readonly AccessTokenClaims accessToken = new()
    {
        JwtId = "at_1",
        Issuer = Given.Issuer,
        Audience = Given.Resource,
        Subject = Given.Subject,
        ClientId = Given.ClientId,
        GrantId = "grt_1",
        Scope = ScopeSet.Of(ScopeSet.Read),
        IssuedAt = Given.Now,
        ExpiresAt = Given.Now.AddHours(1),
    };

    public RevokeTokenTests()
    {
        refreshTokens.FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>()).Returns(Given.RefreshToken());
        verifier
            .VerifyAsync(Arg.Any<Secret>(), Arg.Any<CancellationToken>())
            .Returns(OAuthError.InvalidToken("Not a token of this server."));
        verifier.VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>()).Returns(accessToken);
    }

    [Fact]
    public async Task V_01_refresh_token_takes_its_whole_grant_along()
    {
        Given.Served(await RevokeAsync(Given.RefreshTokenValue));
        await grants.Received(1).RevokeAsync("grt_1", Given.Now, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task V_01_so_does_one_that_was_rotated_or_has_expired()
    {
        refreshTokens
            .FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>())
            .Returns(Given.RefreshToken(rotatedAt: Given.Now.AddDays(-40), expiresAt: Given.Now.AddDays(-10)));
        Given.Served(await RevokeAsync(Given.RefreshTokenValue));
        await grants.Received(1).RevokeAsync("grt_1", Given.Now, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task V_02_access_token_goes_alone()
    {
        Given.Served(await RevokeAsync(Given.AccessTokenValue));
        await accessTokens.Received(1).RevokeAsync(accessToken, Arg.Any<CancellationToken>());
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
    }

    [Fact]
    public async Task V_03_is_content_with_a_token_it_does_not_know()
    {
        Given.Served(await RevokeAsync(new Secret("garbage")));
        await AssertNothingRevokedAsync();
    }

    [Fact]
    public async Task V_04_refuses_the_refresh_token_of_another_client()
    {
        refreshTokens
            .FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>())
            .Returns(Given.RefreshToken(issuedTo: "cli_other"));
        var refusal = Given.Refusal(await RevokeAsync(Given.RefreshTokenValue));
        Assert.Equal(("invalid_grant", "refresh token belongs to another client"), (refusal.Code, refusal.Detail));
        await AssertNothingRevokedAsync();
    }

    [Fact]
    public async Task V_04_refuses_the_access_token_of_another_client()
    {
        verifier.VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>()).Returns(accessToken with { ClientId = "cli_other" });
        var refusal = Given.Refusal(await RevokeAsync(Given.AccessTokenValue));
        Assert.Equal(("invalid_grant", "access token belongs to another client"), (refusal.Code, refusal.Detail));
        await AssertNothingRevokedAsync();
    }

    [Fact]
    public async Task V_05_refuses_an_unproven_client_before_it_looks_at_the_token()
    {
        var refusal = Given.Refusal(await RevokeAsync(Given.RefreshTokenValue, Given.Credentials(secret: new Secret("wrong"))));
        Assert.Equal(("invalid_client", "wrong secret for cli_app"), (refusal.Code, refusal.Detail));
        Assert.Empty(refreshTokens.ReceivedCalls());
        await AssertNothingRevokedAsync();
    }

    private Task<Result<Revoked>> RevokeAsync(Secret token, ClientCredentials? credentials = null) =>
        new RevokeTokenHandler(
            Given.Authenticator(Given.Client()),
            refreshTokens,
            new LiveGrants(grants, new CurrentAct()),
            new AccessTokens(verifier, accessTokens, Given.Directory(), new CurrentAct()),
            new FakeTimeProvider(Given.Now)
        ).Handle(new RevokeTokenCommand(credentials ?? Given.Credentials(), token), Given.Ct);

    private async Task AssertNothingRevokedAsync()
    {
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
        await accessTokens.DidNotReceiveWithAnyArgs().RevokeAsync(null!, Given.Ct);
    }
}
