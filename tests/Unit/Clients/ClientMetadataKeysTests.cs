using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Unit.Clients;

/// <summary>How a client says that it authenticates.</summary>
public sealed class ClientMetadataKeysTests
{
    private const string Jwks = Given.Jwks;
    private const string JwksUri = "https://app.example/jwks.json";
    private static readonly ClientMetadata Minimal = new() { RedirectUris = [Given.Callback] };
    private static readonly ClientMetadata Signing = Minimal with { TokenEndpointAuthMethod = "private_key_jwt", Jwks = Jwks };

    [Fact]
    public void A_client_that_signs_brings_its_keys_or_says_where_they_are()
    {
        var bringing = Given.Served(Signing.Check([])).ToClient("cli_1", ClientOrigin.Registered, Given.Now);
        Assert.Equal(("private_key_jwt", Jwks, null), (bringing.TokenEndpointAuthMethod, bringing.Jwks, bringing.JwksUri));
        var pointing = Given
            .Served((Signing with { Jwks = null, JwksUri = JwksUri }).Check([]))
            .ToClient("cli_1", ClientOrigin.Registered, Given.Now);
        Assert.Equal(("private_key_jwt", null, JwksUri), (pointing.TokenEndpointAuthMethod, pointing.Jwks, pointing.JwksUri));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public void Keeps_the_one_algorithm_that_its_assertions_have(string algorithm) =>
        Assert.Equal(
            algorithm,
            Given
                .Served((Signing with { TokenEndpointAuthSigningAlg = algorithm }).Check([]))
                .ToClient("cli_1", ClientOrigin.Registered, Given.Now)
                .AssertionAlgorithm
        );

    [Theory]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("es256")]
    [InlineData("")]
    public void D_09_refuses_an_algorithm_that_is_not_asymmetric(string algorithm) =>
        AssertRefused(Signing with { TokenEndpointAuthSigningAlg = algorithm }, "token_endpoint_auth_signing_alg is not supported.");

    [Fact]
    public void D_09_refuses_private_key_jwt_without_keys() =>
        AssertRefused(Signing with { Jwks = null }, "private_key_jwt needs jwks or jwks_uri.");

    [Fact]
    public void D_09_refuses_keys_in_two_places() =>
        AssertRefused(Signing with { JwksUri = JwksUri }, "jwks and jwks_uri exclude each other.");

    [Fact]
    public void D_09_refuses_a_public_client_that_brings_a_secret() =>
        AssertRefused(
            Minimal with
            {
                TokenEndpointAuthMethod = "none",
                BringsSecret = true,
            },
            "token_endpoint_auth_method none goes without a client_secret."
        );

    [Theory]
    [InlineData(null)]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public void D_07_ignores_the_secret_that_another_client_brings(string? method) =>
        Assert.Null(
            Given
                .Served((Minimal with { TokenEndpointAuthMethod = method, BringsSecret = true }).Check([]))
                .ToClient("cli_1", ClientOrigin.Registered, Given.Now)
                .SecretHash
        );

    [Fact]
    public void K_39_refuses_keys_that_are_not_for_everybody_to_see() =>
        AssertRefused(
            Signing with
            {
                Jwks = Jwks.Replace("\"kid\"", "\"d\":\"AQAB\",\"kid\"", StringComparison.Ordinal),
            },
            "jwks cannot be used: a private or symmetric key."
        );

    private static void AssertRefused(ClientMetadata metadata, string description)
    {
        var refusal = Given.Refusal(metadata.Check([]));
        Assert.Equal(("invalid_client_metadata", description), (refusal.Code, refusal.Description));
    }
}
