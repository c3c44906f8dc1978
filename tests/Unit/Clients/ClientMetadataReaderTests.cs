using System.Text;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Unit.Clients;

public sealed class ClientMetadataReaderTests
{
    [Fact]
    public void Reads_every_member_it_knows_and_ignores_the_others()
    {
        var metadata = Given.Served(
            Read(
                """
                {
                  "client_id": "https://app.example/c", "redirect_uris": ["https://app.example/cb"], "grant_types": ["authorization_code"], "response_types": ["code"],
                  "token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_methods_supported": ["none"], "token_endpoint_auth_signing_alg": "ES256", "client_name": "App",
                  "client_uri": "1", "logo_uri": "2", "tos_uri": "3", "policy_uri": "4", "jwks_uri": "5", "jwks": {"keys":[{"kty":"EC"}]}, "application_type": "web", "scope": "mcp.read",
                  "trusted": true, "disabled": {}, "contacts": 7, "client_name#de": "Anwendung"
                }
                """
            )
        );
        var expected = new ClientMetadata
        {
            ClientId = "https://app.example/c",
            TokenEndpointAuthMethod = "private_key_jwt",
            TokenEndpointAuthSigningAlg = "ES256",
            ClientName = "App",
            ClientUri = "1",
            LogoUri = "2",
            TosUri = "3",
            PolicyUri = "4",
            JwksUri = "5",
            Jwks = """{"keys":[{"kty":"EC"}]}""",
            ApplicationType = "web",
            Scope = "mcp.read",
        };
        Assert.Equal(
            expected,
            metadata with
            {
                RedirectUris = null,
                GrantTypes = null,
                ResponseTypes = null,
                TokenEndpointAuthMethodsSupported = null,
            }
        );
        Assert.Equal(["https://app.example/cb"], metadata.RedirectUris);
        Assert.Equal(
            ("authorization_code", "code", "none"),
            (metadata.GrantTypes!.Single(), metadata.ResponseTypes!.Single(), metadata.TokenEndpointAuthMethodsSupported!.Single())
        );
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(
        """{"redirect_uris":null,"grant_types":null,"client_name":null,"client_uri":null,"jwks":null,"scope":null,"software_statement":null,"client_secret":null}"""
    )]
    [InlineData(
        """{"client_name":"","client_uri":"","logo_uri":"","tos_uri":"","policy_uri":"","jwks_uri":"","token_endpoint_auth_method":"","software_statement":"","client_secret":""}"""
    )]
    public void A_null_or_empty_member_is_an_omitted_one(string json) => Assert.Equal(new ClientMetadata(), Given.Served(Read(json)));

    [Fact]
    public void Notices_a_secret_and_keeps_it_to_nobody() =>
        Assert.Equal(new ClientMetadata { BringsSecret = true }, Given.Served(Read("""{"client_secret":"chosen"}""")));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("redirect_uris=https%3A%2F%2Fapp.example")]
    [InlineData("{")]
    [InlineData("{\"client_name\":\"App\"}}")]
    [InlineData("{\"client_name\":\"App\",}")]
    [InlineData("{/**/}")]
    [InlineData("[]")]
    [InlineData("[{\"client_name\":\"App\"}]")]
    [InlineData("null")]
    [InlineData("\"App\"")]
    [InlineData("1")]
    [InlineData("{\"client_name\":\"App\",\"client_name\":\"Bank\"}")]
    [InlineData("{\"client_name\":\"App\",\"client\\u005fname\":\"Bank\"}")]
    [InlineData("{\"x\":{\"y\":1,\"y\":2}}")]
    [InlineData("{\"client_name\":\"\\ud800\"}")]
    [InlineData("{\"redirect_uris\":[\"\\udfff\"]}")]
    [InlineData("{\"\\ud800\":1}")]
    public void D_14_refuses_what_is_not_one_object_without_repeated_members(string json) => AssertNotAnObject(Read(json));

    [Theory]
    [InlineData("{\"client_id\":\"https://app.example/c\",\"client_id\":\"https://app.example/c\"}")]
    public void M_12_refuses_a_repeated_member_even_if_it_says_the_same(string json) => AssertNotAnObject(Read(json));

    [Fact]
    public void D_14_refuses_100_levels() => AssertNotAnObject(Read($$"""{"x":{{new string('[', 100)}}{{new string(']', 100)}}}"""));

    [Fact]
    public void D_14_refuses_bytes_that_are_no_text()
    {
        byte[] start = [.. "{\"client_name\":\""u8],
            end = [.. "\"}"u8];
        AssertNotAnObject(ClientMetadataReader.Read((byte[])[.. start, 0xff, .. end]));
        AssertNotAnObject(ClientMetadataReader.Read((byte[])[.. start, 0xc0, 0xaf, .. end]));
        AssertNotAnObject(ClientMetadataReader.Read((byte[])[.. "{\"jwks\":{\"keys\":[\""u8, 0xff, .. "\"]}}"u8]));
    }

    [Theory]
    [InlineData("client_name", "1")]
    [InlineData("client_name", "[\"App\"]")]
    [InlineData("client_name", "{}")]
    [InlineData("client_name", "true")]
    [InlineData("client_id", "1")]
    [InlineData("client_uri", "false")]
    [InlineData("logo_uri", "[]")]
    [InlineData("tos_uri", "{}")]
    [InlineData("policy_uri", "0")]
    [InlineData("jwks_uri", "[]")]
    [InlineData("scope", "[\"mcp.read\"]")]
    [InlineData("application_type", "1")]
    [InlineData("token_endpoint_auth_method", "[\"none\"]")]
    [InlineData("token_endpoint_auth_methods_supported", "\"none\"")]
    [InlineData("token_endpoint_auth_signing_alg", "256")]
    [InlineData("grant_types", "\"authorization_code\"")]
    [InlineData("grant_types", "[1]")]
    [InlineData("grant_types", "[null]")]
    [InlineData("response_types", "{}")]
    [InlineData("software_statement", "{}")]
    [InlineData("jwks", "\"{}\"")]
    [InlineData("jwks", "[]")]
    [InlineData("jwks", "{}")]
    [InlineData("jwks", "{\"keys\":{}}")]
    [InlineData("jwks", "{\"keys\":null}")]
    public void D_14_refuses_a_member_of_the_wrong_type(string member, string value)
    {
        var refusal = Given.Refusal(Read($$"""{"{{member}}":{{value}}}"""));
        Assert.Equal(("invalid_client_metadata", $"{member} has the wrong type."), (refusal.Code, refusal.Description));
    }

    [Theory]
    [InlineData("\"https://app.example/cb\"")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("[null]")]
    [InlineData("[[\"https://app.example/cb\"]]")]
    public void D_02_refuses_redirect_uris_that_are_no_list_of_strings(string value)
    {
        var refusal = Given.Refusal(Read($$"""{"redirect_uris":{{value}}}"""));
        Assert.Equal(("invalid_redirect_uri", "redirect_uris must be a list of strings."), (refusal.Code, refusal.Description));
    }

    [Fact]
    public void D_18_refuses_a_statement_that_it_cannot_verify() =>
        Assert.Equal(
            "invalid_software_statement",
            Given.Refusal(Read("""{"software_statement":"eyJhbGciOiJub25lIn0.e30.","redirect_uris":["https://app.example/cb"]}""")).Code
        );

    private static Result<ClientMetadata> Read(string json) => ClientMetadataReader.Read(Encoding.UTF8.GetBytes(json));

    private static void AssertNotAnObject(Result<ClientMetadata> result)
    {
        var refusal = Given.Refusal(result);
        Assert.Equal(
            ("invalid_client_metadata", "The metadata must be one JSON object without repeated members."),
            (refusal.Code, refusal.Description)
        );
    }
}
