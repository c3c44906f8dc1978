using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Unit.Tokens;

public sealed class CheckAccessTokenTests
{
    private readonly IAccessTokenVerifier verifier = Substitute.For<IAccessTokenVerifier>();
    private readonly IAccessTokenStore store = Substitute.For<IAccessTokenStore>();
    private readonly FakeTimeProvider clock = new();
    private readonly RevocationList revocations;
    private readonly KnownTokens known;
    private readonly AccessTokenClaims token = new()
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

    public CheckAccessTokenTests()
    {
        revocations = new RevocationList(clock, TimeSpan.FromHours(1));
        known = new KnownTokens(revocations);
        verifier.VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>()).Returns(token);
        store.FindStatusAsync(token, Arg.Any<CancellationToken>()).Returns(new AccessTokenStatus(null, "alice"));
    }

    [Fact]
    public async Task Serves_a_living_token_with_the_name_of_its_user() =>
        Assert.Equal(new CheckedAccessToken(token, "alice"), Given.Served(await CheckAsync()));

    [Fact]
    public async Task B_11_refuses_a_token_that_was_ended_before_its_time_and_tells_the_log_why()
    {
        store.FindStatusAsync(token, Arg.Any<CancellationToken>()).Returns(new AccessTokenStatus("user disabled", "alice"));
        var refusal = Given.Refusal(await CheckAsync());
        Assert.Equal(
            ("invalid_token", "The access token was revoked.", "user disabled, token at_1", "cli_app", "usr_alice"),
            (refusal.Code, refusal.Description, refusal.Detail, refusal.ClientId, refusal.Subject)
        );
    }

    [Fact]
    public async Task Asks_the_store_nothing_about_a_token_that_does_not_verify()
    {
        verifier
            .VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>())
            .Returns(OAuthError.InvalidToken("The access token has expired."));
        Assert.Equal("The access token has expired.", Given.Refusal(await CheckAsync()).Description);
        Assert.Empty(store.ReceivedCalls());
    }

    [Fact]
    public async Task Serves_a_machine_only_as_long_as_its_client_is_somebody()
    {
        var machine = Given.AccessToken(grantId: null);
        verifier.VerifyAsync(Given.AccessTokenValue, Arg.Any<CancellationToken>()).Returns(machine);
        store.FindStatusAsync(machine, Arg.Any<CancellationToken>()).Returns(new AccessTokenStatus(null, null));
        var client = Given.Client() with { MachineScope = machine.Scope };
        Assert.Equal(new CheckedAccessToken(machine, null), Given.Served(await CheckAsync(client)));
        Assert.Equal("its client has less scope, token at_1", Given.Refusal(await CheckAsync(Given.Client())).Detail);
        Assert.Equal("client gone or disabled, token at_1", Given.Refusal(await CheckAsync()).Detail);
        Assert.Equal("client gone or disabled, token at_1", Given.Refusal(await CheckAsync(Given.Client(disabledAt: Given.Now))).Detail);
    }

    [Fact]
    public async Task Asks_the_store_once_while_revocations_are_followed_and_each_time_while_they_are_not()
    {
        revocations.Settle(revocations.Look());
        await CheckAsync();
        await CheckAsync();
        Assert.Single(store.ReceivedCalls());
        clock.Advance(RevocationList.Patience);
        await CheckAsync();
        await CheckAsync();
        Assert.Equal(3, store.ReceivedCalls().Count());
    }

    private async Task<Result<CheckedAccessToken>> CheckAsync(params Client[] clients)
    {
        await using var services = new ServiceCollection()
            .AddScoped(_ => new AccessTokens(verifier, store, Given.Directory(clients), new CurrentAct()))
            .BuildServiceProvider();
        var tokens = new BearerTokens(verifier, known, services.GetRequiredService<IServiceScopeFactory>());
        return await new CheckAccessTokenHandler(tokens).Handle(new CheckAccessTokenQuery(Given.AccessTokenValue), Given.Ct);
    }
}
