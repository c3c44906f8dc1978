using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Domain.Tokens;

namespace OAuthMcp.Unit.Tokens;

/// <summary>The second time that a refresh token comes: first it is rotated, then each test repeats it.</summary>
public sealed class RefreshReplayTests : IAsyncLifetime
{
    private readonly IRefreshTokenStore tokens = Substitute.For<IRefreshTokenStore>();
    private readonly IGrantStore grants = Substitute.For<IGrantStore>();
    private readonly IAccessTokenSigner signer = Substitute.For<IAccessTokenSigner>();
    private readonly FakeTimeProvider clock = new(Given.Now);
    private bool isRotated;
    private Secret successor = null!;

    public async ValueTask InitializeAsync()
    {
        grants.FindAsync("grt_1", Arg.Any<CancellationToken>()).Returns(Given.Grant());
        signer.Sign(Arg.Any<AccessTokenClaims>()).Returns(Given.AccessTokenValue);
        tokens.FindAsync(TokenHash.Of(Given.RefreshTokenValue), Arg.Any<CancellationToken>()).Returns(Given.RefreshToken());
        tokens
            .TryRotateAsync(null!, default, "", null!, Given.Ct)
            .ReturnsForAnyArgs(call =>
            {
                if (isRotated)
                    return false;
                Store(Given.RefreshToken(rotatedAt: call.ArgAt<DateTimeOffset>(1), salt: call.ArgAt<string>(2)));
                Store(call.ArgAt<RefreshToken>(3));
                return isRotated = true;
            });
        successor = Given.Served(await RefreshAsync()).RefreshToken!;
    }

    [Fact]
    public async Task R_15_gives_the_same_successor_within_the_grace()
    {
        clock.Advance(TimeSpan.FromSeconds(9));
        var response = Given.Served(await RefreshAsync());
        Assert.Equal(successor, response.RefreshToken);
        Assert.Equal(Given.AccessTokenValue, response.AccessToken);
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
    }

    [Fact]
    public async Task R_04_gives_the_same_successor_to_each_of_many_repeats()
    {
        for (var repeat = 0; repeat < 5; repeat++)
            Assert.Equal(successor, Given.Served(await RefreshAsync()).RefreshToken);
    }

    [Fact]
    public async Task R_02_revokes_the_grant_after_the_grace()
    {
        clock.Advance(TimeSpan.FromSeconds(10));
        await AssertRevokedAsync(RefreshAsync());
    }

    [Fact]
    public async Task R_02_revokes_the_grant_after_the_idle_end_too()
    {
        clock.Advance(TimeSpan.FromDays(31));
        await AssertRevokedAsync(RefreshAsync());
    }

    [Fact]
    public async Task R_02_revokes_the_grant_once_the_successor_has_been_used()
    {
        Store(
            new RefreshToken
            {
                Hash = TokenHash.Of(successor),
                GrantId = "grt_1",
                ClientId = Given.ClientId,
                ExpiresAt = Given.Now.AddDays(30),
                RotatedAt = Given.Now,
                SuccessorSalt = "next",
            }
        );
        await AssertRevokedAsync(RefreshAsync());
    }

    [Fact]
    public async Task R_02_M11_revokes_the_grant_for_a_token_so_old_that_its_family_alone_is_known()
    {
        var old = RefreshToken.First();
        tokens.FindNewestAsync(RefreshToken.FamilyOf(old)!, Arg.Any<CancellationToken>()).Returns(Given.RefreshToken());
        var refusal = Given.Refusal(await RefreshAsync(presented: old));
        Assert.Equal(("invalid_grant", "refresh_reuse: old refresh token replayed, grant revoked"), (refusal.Code, refusal.Detail));
        await grants.Received(1).RevokeAsync("grt_1", clock.GetUtcNow(), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task R_06_another_client_cannot_revoke_by_an_old_token()
    {
        var old = RefreshToken.First();
        tokens.FindNewestAsync(RefreshToken.FamilyOf(old)!, Arg.Any<CancellationToken>()).Returns(Given.RefreshToken());
        Assert.Equal("unknown refresh token", Given.Refusal(await RefreshAsync(clientId: "cli_other", presented: old)).Detail);
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
    }

    [Fact]
    public async Task R_03_without_grace_every_repeat_revokes() => await AssertRevokedAsync(RefreshAsync(grace: TimeSpan.Zero));

    [Fact]
    public async Task R_06_another_client_cannot_revoke_by_replaying()
    {
        clock.Advance(TimeSpan.FromMinutes(1));
        var refusal = Given.Refusal(await RefreshAsync(clientId: "cli_other"));
        Assert.Equal(("invalid_grant", "refresh token was issued to another client"), (refusal.Code, refusal.Detail));
        await grants.DidNotReceiveWithAnyArgs().RevokeAsync("", default, Given.Ct);
    }

    [Fact]
    public async Task R_12_gives_nothing_when_a_revocation_came_between()
    {
        Store(Given.RefreshToken()); // not rotated: the store refused since the grant had just been revoked
        Assert.Equal("invalid_grant", Given.Refusal(await RefreshAsync()).Code);
    }

    private Task<Result<TokenResponse>> RefreshAsync(string clientId = Given.ClientId, TimeSpan? grace = null, Secret? presented = null)
    {
        var issuer = new TokenIssuer(signer, Given.Settings with { RefreshGrace = grace ?? TimeSpan.FromSeconds(10) }, new CurrentAct());
        return new RefreshTokensHandler(
            Given.Authenticator(Given.Client(clientId)),
            tokens,
            new LiveGrants(grants, new CurrentAct()),
            issuer,
            clock
        ).Handle(new RefreshTokensCommand(Given.Credentials(clientId), presented ?? Given.RefreshTokenValue, null, []), Given.Ct);
    }

    private void Store(RefreshToken token) => tokens.FindAsync(token.Hash, Arg.Any<CancellationToken>()).Returns(token);

    private async Task AssertRevokedAsync(Task<Result<TokenResponse>> refresh)
    {
        var refusal = Given.Refusal(await refresh);
        Assert.Equal(("invalid_grant", "refresh_reuse: refresh token replayed, grant revoked"), (refusal.Code, refusal.Detail));
        await grants.Received(1).RevokeAsync("grt_1", clock.GetUtcNow(), Arg.Any<CancellationToken>());
    }

    public ValueTask DisposeAsync() => default;
}
