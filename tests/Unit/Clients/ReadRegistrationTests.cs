using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

/// <summary>Who may read, and by the same rule change and delete, a registration.</summary>
public sealed class ReadRegistrationTests
{
    private static readonly Secret Token = new("registration-token-canary");
    private static readonly Client Registered = Given.Client() with { RegistrationTokenHash = TokenHash.Of(Token) };

    [Fact]
    public async Task Shows_the_holder_its_registration_and_no_secret()
    {
        var registration = Given.Served(await ReadAsync(Registered));
        Assert.Same(Registered, registration.Client);
        Assert.Equal(
            (null, Token, "mcp.read mcp.write"),
            (registration.ClientSecret, registration.RegistrationToken, registration.Scope.ToString())
        );
    }

    [Fact]
    public async Task D_17_refuses_a_wrong_token_and_none()
    {
        AssertRefused(await ReadAsync(Registered, token: new Secret("wrong")));
        AssertRefused(await ReadAsync(Registered, token: new Secret(Registered.RegistrationTokenHash!.Value)));
        AssertRefused(await HandleAsync(Given.Store(Registered), Given.ClientId, null));
    }

    [Fact]
    public async Task D_17_refuses_the_client_secret_for_a_registration_token() =>
        AssertRefused(await ReadAsync(Registered, token: Given.ClientSecret));

    [Fact]
    public async Task D_17_refuses_the_token_of_another_client()
    {
        var store = Given.Store(Registered, Given.Client("cli_other") with { RegistrationTokenHash = TokenHash.Of(new Secret("another")) });
        AssertRefused(await HandleAsync(store, "cli_other", Token));
    }

    [Fact]
    public async Task D_17_refuses_the_token_of_a_disabled_client() =>
        AssertRefused(await ReadAsync(Registered with { DisabledAt = Given.Now }));

    [Fact]
    public async Task D_17_lets_nobody_manage_a_client_that_did_not_register_itself() =>
        AssertRefused(await ReadAsync(Given.Client(preRegistered: true)));

    [Fact]
    public async Task D_17_tells_an_unknown_client_from_a_wrong_token_by_nothing() =>
        Assert.Equal(
            Given.Refusal(await ReadAsync(Registered, token: new Secret("wrong"))),
            Given.Refusal(await HandleAsync(Given.Store(), Given.ClientId, Token))
        );

    [Fact]
    public async Task Does_not_look_for_an_id_that_no_registration_has()
    {
        var store = Given.Store();
        AssertRefused(await HandleAsync(store, new string('a', 257), Token));
        Assert.Empty(store.ReceivedCalls());
    }

    private static Task<Result<ClientRegistration>> ReadAsync(Client client, Secret? token = null) =>
        HandleAsync(Given.Store(client), client.Id, token ?? Token);

    private static Task<Result<ClientRegistration>> HandleAsync(IClientStore store, string clientId, Secret? token) =>
        new ReadRegistrationHandler(new RegistrationAccess(store, new CurrentAct()), Given.Settings).Handle(
            new ReadRegistrationQuery(clientId, token),
            Given.Ct
        );

    private static void AssertRefused(Result<ClientRegistration> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(("invalid_token", "The registration access token is not valid for this client."), (refusal.Code, refusal.Description));
    }
}
