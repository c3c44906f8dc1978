using OAuthMcp.Api.Configuration;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Configuration;

public sealed class ConfiguredClientsTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private const string Jwks = Given.Jwks;
    private static readonly ClientOptions Machine = new() { ClientId = "ci", ClientSecret = Secret };
    private static readonly ClientOptions App = new() { ClientId = "app", RedirectUris = [Given.Callback] };

    [Fact]
    public void A_machine_is_a_secret_and_reads_unless_it_is_given_more()
    {
        var client = Assert.Single(Read(Machine)).Value;
        Assert.Equal(
            ("ci", "ci", "client_secret_basic", true),
            (client.Id, client.Name, client.TokenEndpointAuthMethod, client.IsPreRegistered)
        );
        Assert.Equal(("client_credentials", "mcp.read"), (client.GrantTypes.Single(), client.MachineScope.ToString()));
        Assert.True(client.SecretHash!.Matches(new Secret(Secret)));
        Assert.Equal("mcp.write", Read(Machine with { Scopes = ["mcp.write"] })["ci"].MachineScope.ToString());
    }

    [Fact]
    public void An_application_without_secret_is_public_and_has_nothing_in_its_own_name()
    {
        var client = Read(App with { ClientName = "App", Scopes = ["mcp.write"] })["app"];
        Assert.Equal(("App", "none", true), (client.Name, client.TokenEndpointAuthMethod, client.IsPublic));
        Assert.Equal(["authorization_code", "refresh_token"], client.GrantTypes);
        Assert.Equal([Given.Callback], client.RedirectUris);
        Assert.Null(client.SecretHash);
        Assert.Empty(client.MachineScope);
    }

    [Fact]
    public void A_client_with_keys_signs()
    {
        var client = Read(Machine with { ClientSecret = null, Jwks = Jwks })["ci"];
        Assert.Equal(("private_key_jwt", Jwks, null), (client.TokenEndpointAuthMethod, client.Jwks, client.SecretHash));
    }

    [Fact]
    public void An_application_may_be_a_machine_too()
    {
        var client = Read(
            App with
            {
                ClientSecret = Secret,
                GrantTypes = ["authorization_code", "client_credentials"],
                TokenEndpointAuthMethod = "client_secret_post",
            }
        )["app"];
        Assert.Equal(
            ("client_secret_post", "mcp.read", true),
            (client.TokenEndpointAuthMethod, client.MachineScope.ToString(), client.Allows("authorization_code"))
        );
    }

    [Fact]
    public void Knows_the_private_use_schemes_of_the_operator() => Assert.Single(Read(App with { RedirectUris = ["myapp:/cb"] }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ci")]
    public void Refuses_an_id_that_is_missing_or_taken_by_its_place_in_the_list(string? id) =>
        Assert.Equal(
            "OAuth:Clients:1:ClientId is missing or taken.",
            Assert.Throws<ConfigurationException>(() => Read(Machine, App with { ClientId = id })).Message
        );

    [Theory]
    [InlineData("client_secret_jwt")]
    [InlineData("NONE")]
    [InlineData("")]
    public void Refuses_an_unknown_method(string method) =>
        AssertRefused("has an unknown TokenEndpointAuthMethod.", Machine with { TokenEndpointAuthMethod = method });

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("Client_Credentials")]
    public void Refuses_an_unknown_grant_type(string type) =>
        AssertRefused("has an unknown grant type.", Machine with { GrantTypes = ["client_credentials", type] });

    [Fact]
    public void Refuses_codes_that_go_nowhere_and_redirect_URIs_that_get_none()
    {
        AssertRefused(
            "needs RedirectUris for authorization_code, and for nothing else.",
            Machine with
            {
                GrantTypes = ["authorization_code"],
            }
        );
        AssertRefused(
            "needs RedirectUris for authorization_code, and for nothing else.",
            Machine with
            {
                RedirectUris = [Given.Callback],
                GrantTypes = ["client_credentials"],
            }
        );
    }

    [Theory]
    [InlineData("javascript:alert(1)", "a scheme that is neither known nor a reverse domain name")]
    [InlineData("http://app.example/cb", "plain http to a host that is not loopback")]
    [InlineData("https://app.example/*", "a wildcard")]
    [InlineData("", "empty or too long")]
    public void Refuses_a_redirect_URI_that_nobody_may_register(string uri, string reason) =>
        AssertRefused($"has a RedirectUris entry with {reason}.", App with { RedirectUris = [Given.Callback, uri] });

    [Theory]
    [InlineData("none", Secret, null)]
    [InlineData("none", null, Jwks)]
    [InlineData("client_secret_basic", null, null)]
    [InlineData("client_secret_post", null, Jwks)]
    [InlineData("client_secret_basic", Secret, Jwks)]
    [InlineData("private_key_jwt", Secret, null)]
    [InlineData("private_key_jwt", null, null)]
    public void Refuses_a_method_that_does_not_fit_what_the_client_has(string method, string? secret, string? jwks) =>
        AssertRefused(
            "has a TokenEndpointAuthMethod that does not fit its secret or Jwks.",
            App with
            {
                TokenEndpointAuthMethod = method,
                ClientSecret = secret,
                Jwks = jwks,
            }
        );

    [Fact]
    public void G_01_refuses_a_machine_without_secret()
    {
        AssertRefused("needs a secret or Jwks for client_credentials.", Machine with { ClientSecret = null });
        AssertRefused(
            "needs a secret or Jwks for client_credentials.",
            App with
            {
                GrantTypes = ["authorization_code", "client_credentials"],
            }
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcde")]
    public void Refuses_a_secret_that_can_be_guessed_and_does_not_print_it(string secret)
    {
        var message = AssertRefused(
            "has a ClientSecret of less than 32 characters; one guess in 2^128 should be all there is.",
            Machine with
            {
                ClientSecret = secret,
            }
        );
        if (secret.Length > 0)
            Assert.DoesNotContain(secret, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("[]")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"kty":"EC"}""")]
    public void Refuses_keys_that_are_no_key_set(string jwks) =>
        AssertRefused("has Jwks that cannot be used: no JWK set.", Machine with { ClientSecret = null, Jwks = jwks });

    [Theory]
    [InlineData("admin")]
    [InlineData("mcp.read admin")]
    [InlineData("mcp.read\"")]
    public void Refuses_a_scope_that_there_is_not(string scopes) =>
        AssertRefused("has Scopes other than mcp.read mcp.write.", Machine with { Scopes = scopes.Split(' ') });

    private static IReadOnlyDictionary<string, Client> Read(params ClientOptions[] clients) =>
        ConfiguredClients.Read(clients, ["myapp"], Given.Settings.SupportedScopes);

    private static string AssertRefused(string what, ClientOptions options)
    {
        var message = Assert.Throws<ConfigurationException>(() => Read(options)).Message;
        Assert.Equal($"OAuth:Clients: {options.ClientId} {what}", message);
        return message;
    }
}
