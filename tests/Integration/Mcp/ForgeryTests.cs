using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>Tokens that are nearly ours. Each differs from a good one in one thing, so only that can be why it is refused.</summary>
public sealed class ForgeryTests(ForgeryTests.Victim victim) : IClassFixture<ForgeryTests.Victim>
{
    private readonly TestServer server = victim.Server;
    private readonly string good = victim.Token;

    [Fact]
    public async Task Accepts_a_copy_with_nothing_changed()
    {
        Assert.True(await server.AcceptsAsync(good));
        Assert.True(await server.AcceptsAsync(ForgedToken.Resign(server, good)));
        Assert.True(
            await server.AcceptsAsync(ForgedToken.Resign(server, good, ("aud", new JsonArray("https://other.example", server.Resource))))
        );
    }

    [Fact]
    public async Task B_06_refuses_another_audience()
    {
        JsonNode[] others =
        [
            server.Issuer,
            server.Issuer + "/",
            server.Resource + "/",
            server.Resource + "/other",
            server.Issuer + "/other",
            server.Resource.ToUpperInvariant(),
            "https://other.example/mcp",
            new JsonArray("https://other.example", server.Issuer),
            new JsonArray(),
            "",
        ];
        foreach (var audience in others)
            Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, ("aud", audience))), audience.ToJsonString());
    }

    [Fact]
    public async Task B_06_refuses_another_issuer()
    {
        foreach (var issuer in new[] { "https://idp.example", server.Issuer + "/", server.Resource, "" })
            Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, ("iss", issuer))), issuer);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task B_08_refuses_a_token_without_signature(string algorithm)
    {
        var header = ForgedToken.Changed(ForgedToken.Header(good), ("alg", algorithm));
        Assert.False(await server.AcceptsAsync(ForgedToken.Assemble(header, ForgedToken.Claims(good), _ => [])));
        Assert.False(
            await server.AcceptsAsync(
                ForgedToken.Assemble(header, ForgedToken.Claims(good), _ => Base64Url.DecodeFromChars(good.Split('.')[2]))
            )
        );
    }

    [Fact]
    public async Task B_08_refuses_an_HMAC_with_the_public_key()
    {
        var key = ((ECDsaSecurityKey)ForgedToken.Key(server).Key).ECDsa;
        var jwk = await (await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/.well-known/jwks.json"))).JsonAsync();
        var header = ForgedToken.Changed(ForgedToken.Header(good), ("alg", "HS256"));
        byte[][] secrets =
        [
            key.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()),
            Encoding.UTF8.GetBytes(jwk["keys"]![0]!.ToJsonString()),
            Base64Url.DecodeFromChars((string)jwk["keys"]![0]!["x"]!),
        ];
        foreach (var secret in secrets)
            Assert.False(
                await server.AcceptsAsync(
                    ForgedToken.Assemble(header, ForgedToken.Claims(good), input => HMACSHA256.HashData(secret, input))
                )
            );
    }

    [Fact]
    public async Task B_08_refuses_a_foreign_key_and_fetches_none()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/keys";
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=evil", ecdsa, HashAlgorithmName.SHA256).CreateSelfSigned(
            server.Clock.GetUtcNow(),
            server.Clock.GetUtcNow().AddDays(1)
        );
        var known = (string)ForgedToken.Header(good)["kid"]!;
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ecdsa));
        Dictionary<string, JsonNode> embedded = new()
        {
            ["jwk"] = new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = jwk.X,
                ["y"] = jwk.Y,
            },
            ["jku"] = url,
            ["x5u"] = url,
            ["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData)),
            ["iss"] = url,
        };
        foreach (var (name, value) in embedded)
        foreach (var kid in new[] { known, "evil", null })
        {
            var header = ForgedToken.Changed(ForgedToken.Header(good), ("kid", kid), (name, value.DeepClone()));
            Assert.False(
                await server.AcceptsAsync(
                    ForgedToken.Assemble(header, ForgedToken.Claims(good), input => ecdsa.SignData(input, HashAlgorithmName.SHA256))
                ),
                $"{name} {kid}"
            );
        }

        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("../../../../dev/null")]
    [InlineData("' OR 1=1 --")]
    [InlineData("\0")]
    [InlineData("")]
    public async Task B_08_refuses_a_kid_that_is_not_one_of_ours(string kid)
    {
        using var hmac = new HMACSHA256([]);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var header = ForgedToken.Changed(ForgedToken.Header(good), ("kid", kid));
        Assert.False(
            await server.AcceptsAsync(
                ForgedToken.Assemble(header, ForgedToken.Claims(good), input => ecdsa.SignData(input, HashAlgorithmName.SHA256))
            )
        );
        Assert.False(
            await server.AcceptsAsync(
                ForgedToken.Assemble(ForgedToken.Changed(header, ("alg", "HS256")), ForgedToken.Claims(good), hmac.ComputeHash)
            )
        );
    }

    [Fact]
    public async Task B_08_refuses_changed_claims_and_other_signatures()
    {
        var parts = good.Split('.');
        var widened = Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(ForgedToken.Changed(ForgedToken.Claims(good), ("sub", "usr_other")).ToJsonString())
        );
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{widened}.{parts[2]}"));
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{parts[1]}."));
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{parts[1]}"));
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}"));
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{parts[1]}.{parts[2]}.{parts[2]}"));
    }

    // The signature of a P-256 key ends in a digit of which four bits count for nothing.
    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData("%3D")]
    [InlineData(".")]
    [InlineData("A")]
    public async Task K_41_refuses_other_bytes_behind_the_signature(string more) => Assert.False(await server.AcceptsAsync(good + more));

    [Fact]
    public async Task K_41_refuses_another_spelling_of_each_part()
    {
        const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Assert.False(await server.AcceptsAsync(good[..^1] + Digits[Digits.IndexOf(good[^1], StringComparison.Ordinal) + 1]));
        var parts = good.Split('.');
        Assert.False(await server.AcceptsAsync($"{parts[0]}=.{parts[1]}.{parts[2]}"));
        Assert.False(await server.AcceptsAsync($"{parts[0]}.{parts[1]}=.{parts[2]}"));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("jwt")]
    [InlineData("oauth-id-jag+jwt")]
    [InlineData("client-authentication+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("")]
    public async Task B_09_refuses_another_type_of_token(string type) =>
        Assert.False(await server.AcceptsAsync(ForgedToken.Sign(ForgedToken.Key(server), ForgedToken.Claims(good), type)));

    [Fact]
    public async Task B_09_refuses_a_refresh_token_and_a_code()
    {
        using var client = await TestClient.RegisterAsync(server);
        Assert.False(await server.AcceptsAsync(await client.CodeAsync()));
        Assert.False(await server.AcceptsAsync((await client.SignInAsync()).Refresh));
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("iss")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("iat")]
    [InlineData("jti")]
    [InlineData("client_id")]
    [InlineData("scope")]
    [InlineData("grant")]
    public async Task B_10_refuses_a_token_without(string claim) =>
        Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, (claim, null))));

    [Theory]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task B_10_forgives_a_clock_that_is_up_to_a_minute_ahead(string claim)
    {
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.True(await server.AcceptsAsync(ForgedToken.Resign(server, good, (claim, now + 59))));
        Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, (claim, now + 62))));
    }

    [Fact]
    public async Task B_10_refuses_a_grant_that_does_not_exist() =>
        Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, ("grant", "grt_none"))));

    [Theory]
    [InlineData("sub", "usr_other")]
    [InlineData("client_id", "cli_other")]
    [InlineData("scope", "mcp.read mcp.write admin")]
    public async Task L5_refuses_a_token_that_says_more_than_its_grant(string claim, string value) =>
        Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, (claim, value))));

    [Fact]
    public async Task L5_accepts_a_token_that_says_less_than_its_grant() =>
        Assert.True(await server.AcceptsAsync(ForgedToken.Resign(server, good, ("scope", "mcp.read"))));

    [Fact]
    public async Task L5_refuses_a_machine_that_is_none()
    {
        var claims = ForgedToken.Claims(good);
        var client = (string)claims["client_id"]!;
        Assert.False(await server.AcceptsAsync(ForgedToken.Resign(server, good, ("grant", null), ("sub", client))));
    }

    /// <summary>A server and one good token of it.</summary>
    public sealed class Victim : IAsyncLifetime
    {
        internal TestServer Server { get; private set; } = null!;
        internal string Token { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await TestServer.StartAsync();
            using var client = await TestClient.RegisterAsync(Server);
            Token = (await client.SignInAsync()).Access;
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
