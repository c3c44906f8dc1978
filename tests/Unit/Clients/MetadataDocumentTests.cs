using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class MetadataDocumentTests
{
    private const string Url = "https://app.example/client.json";
    private static readonly ClientMetadata Document = new()
    {
        ClientId = Url,
        ClientName = "App",
        RedirectUris = [Given.Callback],
    };

    [Fact]
    public void A_document_that_says_the_least_describes_a_public_client_of_both_grant_types()
    {
        var client = Describe(Document);
        Assert.Equal(
            (Url, "App", "none", ClientOrigin.MetadataDocument, false),
            (client.Id, client.Name, client.TokenEndpointAuthMethod, client.Origin, client.IsPreRegistered)
        );
        Assert.Equal([Given.Callback], client.RedirectUris);
        Assert.Equal(["authorization_code", "refresh_token"], client.GrantTypes);
        Assert.Empty(client.OtherAuthMethods);
    }

    [Fact]
    public void The_document_of_ChatGPT_lets_it_sign_or_not()
    {
        var client = Describe(
            Document with
            {
                TokenEndpointAuthMethod = "private_key_jwt",
                TokenEndpointAuthMethodsSupported = ["none", "private_key_jwt"],
                TokenEndpointAuthSigningAlg = "RS256",
                JwksUri = "https://chatgpt.com/oauth/jwks.json",
            }
        );
        Assert.Equal(
            ("private_key_jwt", "https://chatgpt.com/oauth/jwks.json", false),
            (client.TokenEndpointAuthMethod, client.JwksUri, client.IsPublic)
        );
        Assert.Equal(
            (true, true, false, false),
            (
                client.Accepts("private_key_jwt"),
                client.Accepts("none"),
                client.Accepts("client_secret_basic"),
                client.Accepts("client_secret_post")
            )
        );
    }

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("client_secret_jwt")]
    [InlineData("NONE")]
    public void D_09_refuses_a_document_of_a_client_that_would_need_a_secret(string method) =>
        AssertRefused(
            Document with
            {
                TokenEndpointAuthMethod = method,
                TokenEndpointAuthMethodsSupported = [method],
            },
            "token_endpoint_auth_method must be none or private_key_jwt."
        );

    [Fact]
    public void Uses_of_a_documents_choice_what_goes_without_a_secret()
    {
        var client = Describe(
            Document with
            {
                TokenEndpointAuthMethod = "client_secret_post",
                TokenEndpointAuthMethodsSupported = ["client_secret_basic", "none"],
            }
        );
        Assert.Equal(
            (true, false, false),
            (client.Accepts("none"), client.Accepts("client_secret_post"), client.Accepts("client_secret_basic"))
        );
    }

    [Fact]
    public void D_09_refuses_a_document_that_prefers_to_sign_and_has_no_keys() =>
        AssertRefused(
            Document with
            {
                TokenEndpointAuthMethod = "private_key_jwt",
                TokenEndpointAuthMethodsSupported = ["none"],
            },
            "private_key_jwt needs jwks or jwks_uri."
        );

    [Fact]
    public void D_09_refuses_a_secret_that_everybody_can_read() =>
        AssertRefused(Document with { BringsSecret = true }, "A metadata document has no client_secret.");

    [Theory]
    [InlineData("https://app.example/client.json/")]
    [InlineData("https://app.example/Client.json")]
    [InlineData("https://APP.example/client.json")]
    [InlineData("HTTPS://app.example/client.json")]
    [InlineData("https://app.example:443/client.json")]
    [InlineData("https://app.example/%63lient.json")]
    [InlineData("https://app.example/client.json?")]
    [InlineData("https://other.example/client.json")]
    [InlineData("cli_app")]
    [InlineData(null)]
    public void M_12_refuses_a_document_that_names_itself_otherwise(string? clientId) =>
        AssertRefused(Document with { ClientId = clientId }, "client_id differs from the URL of the document.");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void M_13_refuses_a_document_without_a_name(string? name) =>
        AssertRefused(Document with { ClientName = name }, "client_name is missing.");

    [Fact]
    public void M_13_refuses_a_document_without_redirect_uris()
    {
        AssertRedirectUriRefused(null, "redirect_uris must have 1 to 32 members and has 0.");
        AssertRedirectUriRefused([], "redirect_uris must have 1 to 32 members and has 0.");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://app.example/cb")]
    [InlineData("http://localhost.evil/cb")]
    [InlineData("https://user@app.example/cb")]
    [InlineData("https://app.example/cb#f")]
    [InlineData("https://app.example/*")]
    [InlineData("https://app.example/../cb")]
    [InlineData("myapp:/cb")]
    public void M_15_refuses_the_whole_document_for_one_bad_redirect_uri(string bad) =>
        AssertRedirectUriRefused(
            [Given.Callback, bad],
            $"redirect_uris[1] is refused: {RedirectUri.Refuse(bad, RedirectUri.KnownSchemes)}."
        );

    [Theory]
    [InlineData("urn:ietf:params:oauth:grant-type:jwt-bearer")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    [InlineData("client_credentials")]
    public void K_01_reads_what_a_document_lists_as_what_its_client_can_do(string other)
    {
        var client = Describe(
            Document with
            {
                GrantTypes = ["authorization_code", "refresh_token", other],
                ResponseTypes = ["code", "token"],
            }
        );
        Assert.Equal(["authorization_code", "refresh_token"], client.GrantTypes);
    }

    [Fact]
    public void D_08_refuses_a_document_of_which_nothing_is_left()
    {
        AssertRefused(Document with { GrantTypes = ["password"] }, "grant_types must hold authorization_code.");
        AssertRefused(Document with { ResponseTypes = ["token"] }, "response_types must hold code.");
    }

    private static Client Describe(ClientMetadata document) =>
        Given.Served(document.CheckDocument(Url, RedirectUri.KnownSchemes)).ToClient(Url, ClientOrigin.MetadataDocument, Given.Now);

    private static void AssertRefused(ClientMetadata document, string description)
    {
        var refusal = Given.Refusal(document.CheckDocument(Url, RedirectUri.KnownSchemes));
        Assert.Equal(("invalid_client_metadata", description), (refusal.Code, refusal.Description));
    }

    private static void AssertRedirectUriRefused(string[]? uris, string description)
    {
        var refusal = Given.Refusal((Document with { RedirectUris = uris }).CheckDocument(Url, RedirectUri.KnownSchemes));
        Assert.Equal(("invalid_redirect_uri", description), (refusal.Code, refusal.Description));
    }
}
