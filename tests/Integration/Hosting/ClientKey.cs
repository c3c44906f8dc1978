using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The key pair of a client that signs assertions instead of sending a secret (<c>private_key_jwt</c>).</summary>
internal sealed class ClientKey(string algorithm = "ES256") : IDisposable
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    public const string Id = "client-key";

    private readonly AsymmetricAlgorithm pair = algorithm.StartsWith("ES", StringComparison.Ordinal)
        ? ECDsa.Create(Curve(algorithm))
        : RSA.Create(2048);

    /// <summary>The public half as a JWK.</summary>
    public JsonObject Jwk =>
        pair is ECDsa ecdsa && ecdsa.ExportParameters(false) is { } point
            ? new()
            {
                ["kty"] = "EC",
                ["use"] = "sig",
                ["kid"] = Id,
                ["crv"] = algorithm == "ES384" ? "P-384" : "P-256",
                ["x"] = Text(point.Q.X!),
                ["y"] = Text(point.Q.Y!),
            }
        : ((RSA)pair).ExportParameters(false) is { } numbers
            ? new()
            {
                ["kty"] = "RSA",
                ["use"] = "sig",
                ["kid"] = Id,
                ["n"] = Text(numbers.Modulus!),
                ["e"] = Text(numbers.Exponent!),
            }
        : [];

    /// <summary>The whole of a P-256 key as a JWK.</summary>
    public JsonObject PrivateJwk =>
        new(Jwk.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())))
        {
            ["d"] = Text(((ECDsa)pair).ExportParameters(true).D!),
        };

    /// <summary>The private half as PEM.</summary>
    public string Pem => pair.ExportPkcs8PrivateKeyPem();

    public JsonObject Jwks => new() { ["keys"] = new JsonArray(Jwk) };

    /// <summary>Registers a client of this key; members override or add.</summary>
    public Task<TestClient> RegisterAsync(TestServer server, params (string Member, JsonNode? Value)[] members) =>
        TestClient.RegisterAsync(server, [("token_endpoint_auth_method", "private_key_jwt"), ("jwks", Jwks), .. members]);

    public static JsonObject Header(string alg = "ES256") =>
        new()
        {
            ["alg"] = alg,
            ["kid"] = Id,
            ["typ"] = "JWT",
        };

    public static JsonObject Claims(TestServer server, string clientId) =>
        new()
        {
            ["iss"] = clientId,
            ["sub"] = clientId,
            ["aud"] = server.Issuer,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = server.Clock.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = server.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds(),
        };

    /// <summary>The two fields of a fresh assertion; a test changes claims, or adds to the header.</summary>
    public (string Name, string? Value)[] Assertion(
        TestServer server,
        string clientId,
        (string Name, JsonNode? Value)[]? claims = null,
        (string Name, JsonNode? Value)[]? header = null
    ) =>
        Fields(
            ForgedToken.Assemble(
                ForgedToken.Changed(Header(algorithm), header ?? []),
                ForgedToken.Changed(Claims(server, clientId), claims ?? []),
                Sign
            )
        );

    public static (string Name, string? Value)[] Fields(string assertion) =>
        [("client_assertion_type", AssertionType), ("client_assertion", assertion)];

    public byte[] Sign(byte[] input)
    {
        var hash = algorithm[^3..] switch
        {
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        var padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return pair is ECDsa ecdsa ? ecdsa.SignData(input, hash) : ((RSA)pair).SignData(input, hash, padding);
    }

    public void Dispose() => pair.Dispose();

    private static ECCurve Curve(string algorithm) => algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256;

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
