using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class ClientMetadataTests
{
    private static readonly ClientMetadata Minimal = new() { RedirectUris = ["https://app.example/cb"] };

    [Fact]
    public void Fills_in_every_default()
    {
        var stored = Given.Served(Minimal.Check(RedirectUri.KnownSchemes));
        Assert.Equal(["authorization_code", "refresh_token"], stored.GrantTypes);
        Assert.Equal(["code"], stored.ResponseTypes);
        Assert.Equal("client_secret_basic", stored.TokenEndpointAuthMethod);
        Assert.Equal("web", stored.ApplicationType);
        Assert.Equal(Minimal.RedirectUris, stored.RedirectUris);
    }

    [Fact]
    public void Keeps_what_was_asserted()
    {
        var asserted = Minimal with
        {
            GrantTypes = ["authorization_code", "authorization_code"],
            ResponseTypes = ["code"],
            TokenEndpointAuthMethod = "none",
            ApplicationType = "native",
            ClientName = "App",
            ClientUri = "https://app.example/",
            Scope = "mcp.read",
        };
        var stored = Given.Served(asserted.Check(RedirectUri.KnownSchemes));
        Assert.Equal(["authorization_code"], stored.GrantTypes);
        Assert.Equal(
            asserted with
            {
                GrantTypes = stored.GrantTypes,
                ResponseTypes = stored.ResponseTypes,
                TokenEndpointAuthMethodsSupported = stored.TokenEndpointAuthMethodsSupported,
            },
            stored
        );
    }

    [Theory]
    [InlineData("native", "http://localhost:3000/cb")]
    [InlineData("native", "http://127.0.0.1/cb", "cursor://host/cb")]
    [InlineData("web", "https://app.example/cb")]
    [InlineData("web", "http://localhost:3000/cb", "https://app.example/cb")]
    public void Is_native_when_no_answer_leaves_the_users_machine(string type, params string[] redirectUris) =>
        Assert.Equal(
            type,
            Given.Served(new ClientMetadata { RedirectUris = redirectUris }.Check(RedirectUri.KnownSchemes)).ApplicationType
        );

    [Fact]
    public void D_02_refuses_no_redirect_uri_and_more_than_32_and_says_how_many_there_are()
    {
        AssertRedirectUriRefused(null, "redirect_uris must have 1 to 32 members and has 0.");
        AssertRedirectUriRefused([], "redirect_uris must have 1 to 32 members and has 0.");
        AssertRedirectUriRefused([.. Uris(33)], "redirect_uris must have 1 to 32 members and has 33.");
        Given.Served(new ClientMetadata { RedirectUris = [.. Uris(32)] }.Check([]));
    }

    [Theory]
    [InlineData("javascript:alert(1)", "a scheme that is neither known nor a reverse domain name")]
    [InlineData("http://localhost.evil/cb", "plain http to a host that is not loopback")]
    [InlineData("myapp:/cb", "a scheme that is neither known nor a reverse domain name")]
    public void D_03_to_D_05_refuse_the_whole_registration_for_one_bad_redirect_uri_and_say_which(string bad, string reason) =>
        AssertRedirectUriRefused(["https://app.example/cb", bad], $"redirect_uris[1] is refused: {reason}.");

    [Theory]
    [InlineData("password")]
    [InlineData("implicit")]
    [InlineData("client_credentials")]
    [InlineData("urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData("Authorization_Code")]
    public void D_08_leaves_out_a_grant_type_that_a_registration_cannot_have(string type)
    {
        AssertRefused(Minimal with { GrantTypes = [type] }, "grant_types must hold authorization_code.");
        Assert.Equal(
            ["authorization_code", "refresh_token"],
            Given.Served((Minimal with { GrantTypes = [type, "authorization_code", type, "refresh_token"] }).Check([])).GrantTypes
        );
    }

    [Fact]
    public void D_08_refuses_grant_types_that_lead_nowhere()
    {
        AssertRefused(Minimal with { GrantTypes = [] }, "grant_types must hold authorization_code.");
        AssertRefused(Minimal with { GrantTypes = ["refresh_token"] }, "grant_types must hold authorization_code.");
    }

    [Theory]
    [InlineData("token")]
    [InlineData("code token")]
    [InlineData]
    public void D_08_refuses_response_types_without_code(params string[] types) =>
        AssertRefused(Minimal with { ResponseTypes = types }, "response_types must hold code.");

    [Fact]
    public void D_08_leaves_out_the_other_response_types() =>
        Assert.Equal(["code"], Given.Served((Minimal with { ResponseTypes = ["token", "code", "code token"] }).Check([])).ResponseTypes);

    [Fact]
    public void D_08_takes_the_first_method_that_is_served_of_a_choice()
    {
        var stored = Given.Served(
            (
                Minimal with
                {
                    TokenEndpointAuthMethod = "tls_client_auth",
                    TokenEndpointAuthMethodsSupported = ["tls_client_auth", "none", "client_secret_post"],
                }
            ).Check([])
        );
        Assert.Equal("none", stored.TokenEndpointAuthMethod);
        Assert.Equal(["client_secret_post"], stored.TokenEndpointAuthMethodsSupported);
    }

    [Theory]
    [InlineData("client_secret_jwt")]
    [InlineData("tls_client_auth")]
    [InlineData("NONE")]
    public void D_09_refuses_an_authentication_method_that_it_does_not_speak(string method) =>
        AssertRefused(Minimal with { TokenEndpointAuthMethod = method }, "token_endpoint_auth_method is not supported.");

    [Theory]
    [InlineData("http://app.example/")]
    [InlineData("http://localhost/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("com.example.app:/about")]
    [InlineData("https://user@app.example/")]
    [InlineData("app.example")]
    public void D_11_refuses_a_client_uri_that_is_no_public_web_page(string uri) =>
        AssertRefused(Minimal with { ClientUri = uri }, "client_uri must be an https URL of a public host.");

    [Fact]
    public void Refuses_an_unknown_application_type() =>
        AssertRefused(Minimal with { ApplicationType = "service" }, "application_type must be native or web.");

    private static void AssertRefused(ClientMetadata metadata, string description)
    {
        var refusal = Given.Refusal(metadata.Check(RedirectUri.KnownSchemes));
        Assert.Equal("invalid_client_metadata", refusal.Code);
        Assert.Equal(description, refusal.Description);
    }

    private static IEnumerable<string> Uris(int count) => Enumerable.Range(1, count).Select(n => $"https://app.example/{n}");

    private static void AssertRedirectUriRefused(string[]? uris, string description)
    {
        var refusal = Given.Refusal(new ClientMetadata { RedirectUris = uris }.Check(RedirectUri.KnownSchemes));
        Assert.Equal("invalid_redirect_uri", refusal.Code);
        Assert.Equal(description, refusal.Description);
    }
}
