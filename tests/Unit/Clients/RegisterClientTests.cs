using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class RegisterClientTests
{
    private static readonly ClientMetadata Minimal = new() { RedirectUris = [Given.Callback], ClientName = "App" };

    private readonly IClientStore store = Substitute.For<IClientStore>();
    private Client? stored;

    public RegisterClientTests() =>
        store
            .TryAddAsync(Arg.Do<Client>(client => stored = client), Given.Settings.MaxRegisteredClients, Arg.Any<CancellationToken>())
            .Returns(true);

    [Fact]
    public async Task D_01_stores_the_client_that_it_answers_with()
    {
        var registration = Given.Served(await RegisterAsync(Minimal));
        Assert.NotNull(stored);
        Assert.Same(registration.Client, stored);
        Assert.Equal("App", stored.Name);
        Assert.Equal(Given.Now, stored.CreatedAt);
        Assert.Equal([Given.Callback], stored.RedirectUris);
        Assert.Equal(["authorization_code", "refresh_token"], stored.GrantTypes);
        Assert.Equal("client_secret_basic", stored.TokenEndpointAuthMethod);
        Assert.Equal("web", stored.ApplicationType);
        Assert.Matches("^cli_[A-Za-z0-9_-]{24}$", stored.Id);
    }

    [Fact]
    public async Task D_01_gives_every_client_another_id() =>
        Assert.NotEqual(Given.Served(await RegisterAsync(Minimal)).Client.Id, Given.Served(await RegisterAsync(Minimal)).Client.Id);

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task Keeps_the_hash_of_the_secret_that_it_shows_once(string method)
    {
        var secret = Given.Served(await RegisterAsync(Minimal with { TokenEndpointAuthMethod = method })).ClientSecret;
        Assert.True(stored!.SecretHash!.Matches(secret!));
    }

    [Fact]
    public async Task Gives_a_public_client_no_secret()
    {
        Assert.Null(Given.Served(await RegisterAsync(Minimal with { TokenEndpointAuthMethod = "none" })).ClientSecret);
        Assert.Null(stored!.SecretHash);
    }

    [Fact]
    public async Task D_07_registers_nobody_as_vouched_for()
    {
        Given.Served(await RegisterAsync(Minimal));
        Assert.False(stored!.IsPreRegistered);
    }

    [Theory]
    [InlineData(null, "mcp.read mcp.write")]
    [InlineData("mcp.read", "mcp.read")]
    [InlineData("admin mcp.write", "mcp.write")]
    [InlineData("admin", "mcp.read mcp.write")]
    public async Task D_13_leaves_out_of_the_answer_what_it_never_grants(string? asked, string answered) =>
        Assert.Equal(answered, Given.Served(await RegisterAsync(Minimal with { Scope = asked })).Scope.ToString());

    [Fact]
    public async Task D_03_refuses_without_storing()
    {
        var refusal = Given.Refusal(await RegisterAsync(Minimal with { RedirectUris = ["javascript:alert(1)"] }));
        Assert.Equal(
            ("invalid_redirect_uri", "redirect_uris[0] is refused: a scheme that is neither known nor a reverse domain name."),
            (refusal.Code, refusal.Description)
        );
        Assert.Null(stored);
    }

    [Fact]
    public async Task Refuses_a_malformed_scope_without_storing()
    {
        var refusal = Given.Refusal(await RegisterAsync(Minimal with { Scope = "a\"b" }));
        Assert.Equal(("invalid_client_metadata", "scope is malformed."), (refusal.Code, refusal.Description));
        Assert.Null(stored);
    }

    [Fact]
    public async Task D_05_knows_the_schemes_that_the_operator_lists()
    {
        Given.Served(await RegisterAsync(new ClientMetadata { RedirectUris = ["myapp:/cb"] }, "myapp"));
        Assert.Equal(
            "invalid_redirect_uri",
            Given.Refusal(await RegisterAsync(new ClientMetadata { RedirectUris = ["cursor://host/cb"] }, "myapp")).Code
        );
    }

    private Task<Result<ClientRegistration>> RegisterAsync(ClientMetadata metadata, params string[] schemes) =>
        new RegisterClientHandler(
            store,
            new RegistrationShares(Given.Settings, TimeProvider.System),
            Given.Settings with
            {
                PrivateUseSchemes = schemes,
            },
            new CurrentAct(),
            new FakeTimeProvider(Given.Now)
        ).Handle(new RegisterClientCommand(metadata), Given.Ct);
}
