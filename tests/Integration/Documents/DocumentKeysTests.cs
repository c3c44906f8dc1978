using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Documents;

/// <summary>Described clients that sign for themselves (private_key_jwt), with keys in the document or beside it.</summary>
public sealed class DocumentKeysTests(SharedDocuments shared) : IClassFixture<SharedDocuments>, IDisposable
{
    private readonly TestServer server = shared.Server;
    private readonly DocumentHost host = shared.Host;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task A_client_signs_with_a_key_from_its_document()
    {
        using var client = server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", KeySet(key))));
        using var exchanged = await ExchangeAsync(client, key);
        Assert.Equal(200, (int)exchanged.StatusCode);
        using var refreshed = await client.RefreshAsync((string)(await exchanged.JsonAsync())["refresh_token"]!, Assertion(client.Id, key));
        Assert.Equal(200, (int)refreshed.StatusCode);
    }

    [Fact]
    public async Task A_client_that_promised_to_sign_must()
    {
        using var client = server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", KeySet(key))));
        await (await client.ExchangeAsync(await client.CodeAsync())).AssertErrorAsync(401, "invalid_client");

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await (await ExchangeAsync(client, other)).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task An_assertion_counts_once()
    {
        using var client = server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", KeySet(key))));
        var assertion = Assertion(client.Id, key);
        (await client.ExchangeAsync(await client.CodeAsync(), assertion)).EnsureSuccessStatusCode();
        await (await client.ExchangeAsync(await client.CodeAsync(), assertion)).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_key_of_one_client_is_no_key_of_another()
    {
        using var client = server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", KeySet(key))));
        using var other = server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks", KeySet(key))));
        await (await client.ExchangeAsync(await client.CodeAsync(), Assertion(other.Id, key))).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_key_set_is_fetched_once_for_some_minutes()
    {
        var keys = host.Answer(host.NewUrl(), KeySet(key).ToJsonString(), cacheControl: "no-store");
        using var client = WithKeysAt(keys);
        for (var i = 0; i < 3; i++)
            (await ExchangeAsync(client, key)).EnsureSuccessStatusCode();
        Assert.Equal(1, host.Fetches(keys));
    }

    [Theory]
    [InlineData("[]", "application/json")]
    [InlineData("""{"keys":[]}""", "application/json")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}""", "application/json")]
    [InlineData("not JSON", "application/json")]
    [InlineData("{key}", "text/html")]
    public async Task A_key_set_that_is_none_proves_nobody(string body, string contentType)
    {
        var keys = host.Answer(host.NewUrl(), body.Replace("{key}", KeySet(key).ToJsonString(), StringComparison.Ordinal), contentType);
        using var client = WithKeysAt(keys);
        await (await ExchangeAsync(client, key)).AssertErrorAsync(401, "invalid_client");
        Assert.Equal(1, host.Fetches(keys));
    }

    [Fact]
    public async Task K_39_a_published_key_set_is_judged_like_one_that_is_brought()
    {
        var several = KeySet(key);
        several["keys"]!.AsArray().Add(several["keys"]![0]!.DeepClone());
        using var unnamed = WithKeysAt(host.Answer(host.NewUrl(), several.ToJsonString()));
        await (await ExchangeAsync(unnamed, key)).AssertErrorAsync(401, "invalid_client");

        var secret = KeySet(key);
        secret["keys"]![0]!["d"] = "AQAB";
        using var leaked = WithKeysAt(host.Answer(host.NewUrl(), secret.ToJsonString()));
        await (await ExchangeAsync(leaked, key)).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task A_key_set_that_is_gone_proves_nobody()
    {
        using var client = WithKeysAt(host.NewUrl());
        await (await ExchangeAsync(client, key)).AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("http://app.example/jwks.json")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/jwks.json")]
    [InlineData("https://10.0.0.1/jwks.json")]
    [InlineData("file:///etc/passwd")]
    public async Task D_11_a_document_with_keys_in_a_private_place_is_refused(string jwksUri) =>
        await server.AssertRefusesDescribedAsync(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks_uri", jwksUri)));

    public void Dispose() => key.Dispose();

    private TestClient WithKeysAt(string keys) =>
        server.Described(host.Publish(("token_endpoint_auth_method", "private_key_jwt"), ("jwks_uri", keys)));

    private async Task<HttpResponseMessage> ExchangeAsync(TestClient client, ECDsa signer) =>
        await client.ExchangeAsync(await client.CodeAsync(), Assertion(client.Id, signer));

    private (string, string?)[] Assertion(string clientId, ECDsa signer) =>
        [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            (
                "client_assertion",
                ForgedToken.Sign(
                    new SigningCredentials(new ECDsaSecurityKey(signer), "ES256"),
                    new JsonObject
                    {
                        ["iss"] = clientId,
                        ["sub"] = clientId,
                        ["aud"] = server.Issuer,
                        ["jti"] = Guid.NewGuid().ToString(),
                        ["iat"] = server.Clock.GetUtcNow().ToUnixTimeSeconds(),
                        ["exp"] = server.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds(),
                    },
                    null
                )
            ),
        ];

    internal static JsonObject KeySet(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["use"] = "sig",
                    ["x"] = Base64UrlEncoder.Encode(point.X),
                    ["y"] = Base64UrlEncoder.Encode(point.Y),
                }
            ),
        };
    }
}
