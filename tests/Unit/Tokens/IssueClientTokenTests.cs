using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using OAuthMcp.Application.Audit;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Tokens;

public sealed class IssueClientTokenTests
{
    private static readonly Client Machine = Given.Client(
        preRegistered: true,
        redirectUris: [],
        grantTypes: [GrantTypes.ClientCredentials]
    ) with
    {
        MachineScope = ScopeSet.Of(ScopeSet.Read),
    };

    private readonly IAccessTokenSigner signer = Substitute.For<IAccessTokenSigner>();
    private AccessTokenClaims? signed;

    public IssueClientTokenTests() => signer.Sign(Arg.Do<AccessTokenClaims>(token => signed = token)).Returns(Given.AccessTokenValue);

    [Fact]
    public async Task G_03_issues_one_token_in_the_clients_own_name_and_no_refresh_token()
    {
        var response = Given.Served(await IssueAsync(Machine));
        Assert.Equal(new TokenResponse(Given.AccessTokenValue, TimeSpan.FromHours(1), ScopeSet.Of(ScopeSet.Read), null), response);
        Assert.Equal(Given.AccessToken(grantId: null) with { JwtId = signed!.JwtId }, signed);
        Assert.True(signed.IsMachine);
        Assert.NotEqual(Given.Subject, signed.Subject);
    }

    [Theory]
    [InlineData("mcp.read", null, "mcp.read")]
    [InlineData("mcp.read", "", "mcp.read")]
    [InlineData("mcp.read mcp.write", "mcp.read", "mcp.read")]
    [InlineData("mcp.write", "mcp.read", "mcp.read")]
    [InlineData("mcp.read mcp.write", null, "mcp.read mcp.write")]
    public async Task Grants_what_the_machine_may_have_or_the_part_it_asks_for(string held, string? asked, string granted)
    {
        var response = Given.Served(await IssueAsync(Machine with { MachineScope = ScopeSet.Of(held.Split(' ')) }, asked));
        Assert.Equal((granted, granted), (response.Scope.ToString(), signed!.Scope.ToString()));
    }

    [Theory]
    [InlineData("mcp.write")]
    [InlineData("mcp.read mcp.write")]
    [InlineData("admin")]
    [InlineData("openid mcp.read")]
    [InlineData("MCP.READ")]
    public async Task G_04_refuses_a_scope_that_is_unknown_or_a_users_to_give(string asked) =>
        AssertRefused("invalid_scope", "scope exceeds what the client may have in its own name", await IssueAsync(Machine, asked));

    [Fact]
    public async Task G_04_refuses_a_malformed_scope() =>
        AssertRefused("invalid_scope", "scope holds a character outside of scope-token", await IssueAsync(Machine, "mcp.read\""));

    [Theory]
    [InlineData("https://other.example/mcp", "resource is another origin")]
    [InlineData("https://mcp.example/other", "resource is another path")]
    public async Task G_04_refuses_an_unknown_resource(string resource, string detail)
    {
        AssertRefused("invalid_target", detail, await IssueAsync(Machine, null, resource));
        AssertRefused("invalid_target", detail, await IssueAsync(Machine, null, Given.Resource, resource));
    }

    [Fact]
    public async Task Issues_for_the_one_resource_however_it_is_spelled()
    {
        Given.Served(await IssueAsync(Machine, null, "HTTPS://MCP.example:443/mcp/"));
        Assert.Equal(Given.Resource, signed!.Audience);
    }

    [Fact]
    public async Task G_01_refuses_a_public_client_whatever_it_is_registered_for() =>
        AssertRefused(
            "invalid_client",
            "cli_app is public",
            await HandleAsync(
                Machine with
                {
                    TokenEndpointAuthMethod = AuthMethods.None,
                    SecretHash = null,
                },
                new IssueClientTokenCommand(Given.Credentials(method: AuthMethods.None), null, [])
            )
        );

    [Fact]
    public async Task G_01_refuses_a_client_with_a_choice_that_did_not_prove_itself()
    {
        var either = Machine with
        {
            TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt,
            OtherAuthMethods = [AuthMethods.None],
            SecretHash = null,
        };
        AssertRefused(
            "invalid_client",
            "cli_app is public",
            await HandleAsync(either, new IssueClientTokenCommand(Given.Credentials(method: AuthMethods.None), null, []))
        );
    }

    [Theory]
    [InlineData(nameof(ClientOrigin.Registered))]
    [InlineData(nameof(ClientOrigin.PreRegistered))]
    public async Task G_02_refuses_a_client_that_no_operator_gave_the_grant_type(string origin) =>
        AssertRefused(
            "unauthorized_client",
            "client has no client_credentials grant",
            await IssueAsync(Given.Client() with { Origin = Enum.Parse<ClientOrigin>(origin), MachineScope = ScopeSet.Of(ScopeSet.Read) })
        );

    [Fact]
    public async Task T_17_refuses_a_machine_that_cannot_prove_itself() =>
        AssertRefused(
            "invalid_client",
            "wrong secret for cli_app",
            await HandleAsync(Machine, new IssueClientTokenCommand(Given.Credentials(secret: new Secret("wrong")), null, []))
        );

    [Fact]
    public async Task T_21_refuses_a_disabled_machine() =>
        AssertRefused("invalid_client", "unknown or disabled client", await IssueAsync(Machine with { DisabledAt = Given.Now }));

    private Task<Result<TokenResponse>> IssueAsync(Client client, string? scope = null, params string[] resources) =>
        HandleAsync(client, new IssueClientTokenCommand(Given.Credentials(), scope, resources));

    private Task<Result<TokenResponse>> HandleAsync(Client client, IssueClientTokenCommand command) =>
        new IssueClientTokenHandler(
            Given.Authenticator(client),
            new TokenIssuer(signer, Given.Settings, new CurrentAct()),
            new FakeTimeProvider(Given.Now)
        ).Handle(command, Given.Ct);

    private void AssertRefused(string code, string detail, Result<TokenResponse> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal((code, detail), (refusal.Code, refusal.Detail));
        Assert.Null(signed);
    }
}
