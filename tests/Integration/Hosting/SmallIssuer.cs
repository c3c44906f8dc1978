using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Api.Pages;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// An authorization server that has metadata, keys and an introspection endpoint and nothing else, and signs whatever a test wants.
/// </summary>
internal sealed class SmallIssuer : IAsyncDisposable
{
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private StandIn standIn = null!;
    private SigningCredentials credentials;

    private SmallIssuer(string algorithm) => credentials = NewKey(algorithm, "first");

    public string Issuer => standIn.Address.GetLeftPart(UriPartial.Authority) + Path;
    public required string Path { get; init; }

    /// <summary>The key that signs; the key set holds it alone.</summary>
    public SecurityKey Key => credentials.Key;

    /// <summary>Whether it answers.</summary>
    public bool IsDown { get; set; }

    /// <summary>Answers of its own to paths behind the issuer's.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Answers { get; } = new();

    /// <summary>Members of the metadata to set; a null one is left out.</summary>
    public (string Name, JsonNode? Value)[] Metadata { get; set; } = [];

    /// <summary>Published beside the key that signs.</summary>
    public List<JsonNode> OtherKeys { get; } = [];

    /// <summary>Whether published keys have names.</summary>
    public bool NamesKeys { get; set; } = true;

    /// <summary>The <c>Authorization</c> headers of the introspections.</summary>
    public ConcurrentQueue<string> Introspectors { get; } = new();

    /// <summary>What the introspection endpoint says of a token.</summary>
    public Func<string, object> Introspection { get; set; } = _ => new { active = false };

    public int Connections => standIn.Connections;

    public int Asked(string path) => standIn.Requests.Count(request => request.Target == path);

    public static async Task<SmallIssuer> StartAsync(string algorithm = "ES256", string path = "")
    {
        var issuer = new SmallIssuer(algorithm) { Path = path };
        issuer.standIn = await StandIn.StartAsync(issuer.AnswerAsync);
        return issuer;
    }

    /// <summary>A good access token; claims override or add, a null one is left out.</summary>
    public string Sign(
        string resource,
        IReadOnlyDictionary<string, object?>? claims = null,
        string type = "at+jwt",
        SigningCredentials? by = null
    )
    {
        var now = DateTimeOffset.UtcNow;
        var all = new Dictionary<string, object>
        {
            ["iss"] = Issuer,
            ["aud"] = resource,
            ["sub"] = "user-1",
            ["client_id"] = "app-1",
            ["scope"] = "mcp.read mcp.write",
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims ?? new Dictionary<string, object?>())
            if (value is null)
                all.Remove(name);
            else
                all[name] = value;
        return handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = type,
                SigningCredentials = by ?? credentials,
                Claims = all,
            }
        );
    }

    /// <summary>A token of header and claims as they are, signed by the key of now; ES256 alone.</summary>
    public string Assemble(JsonObject header, JsonObject claims) =>
        ForgedToken.Assemble(header, claims, input => ((ECDsaSecurityKey)credentials.Key).ECDsa.SignData(input, HashAlgorithmName.SHA256));

    public void Rotate(string keyId) => credentials = NewKey(credentials.Algorithm, keyId);

    public static SigningCredentials NewKey(string algorithm, string keyId) =>
        new(
            algorithm.StartsWith("ES", StringComparison.Ordinal)
                ? new ECDsaSecurityKey(ECDsa.Create(algorithm == "ES384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256))
                {
                    KeyId = keyId,
                }
                : new RsaSecurityKey(RSA.Create(2048)) { KeyId = keyId },
            algorithm
        );

    public ValueTask DisposeAsync() => standIn.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (IsDown)
        {
            http.Response.StatusCode = 503;
            return;
        }

        // Where RFC 8414 puts it, and where OpenID Connect does, for an issuer with a path.
        var target = http.Request.Path.Value!;
        if (Answers.TryGetValue(target, out var answer))
            await answer(http);
        else if (target == $"/.well-known/oauth-authorization-server{Path.TrimEnd('/')}")
            await http.Response.WriteAsJsonAsync(
                ForgedToken.Changed(
                    new JsonObject
                    {
                        ["issuer"] = Issuer,
                        ["jwks_uri"] = $"{Issuer}/keys",
                        ["introspection_endpoint"] = $"{Issuer}/introspect",
                    },
                    Metadata
                )
            );
        else if (target == $"{Path}/keys")
            await http.Response.WriteAsJsonAsync(new { keys = OtherKeys.Append(JsonSerializer.SerializeToNode(PublicMembers())) });
        else if (target == $"{Path}/introspect")
        {
            Introspectors.Enqueue(http.Request.Headers.Authorization.ToString());
            await http.Response.WriteAsJsonAsync(Introspection((await http.Request.ReadFormAsync())["token"].ToString()));
        }
        else
            http.Response.StatusCode = 404;
    }

    private Dictionary<string, string> PublicMembers()
    {
        var jwk = JsonWebKeyConverter.ConvertFromSecurityKey(credentials.Key);
        return new[]
        {
            ("kty", jwk.Kty),
            ("kid", NamesKeys ? credentials.Key.KeyId : ""),
            ("crv", jwk.Crv),
            ("x", jwk.X),
            ("y", jwk.Y),
            ("n", jwk.N),
            ("e", jwk.E),
        }
            .Where(member => !string.IsNullOrEmpty(member.Item2))
            .ToDictionary(member => member.Item1, member => member.Item2);
    }
}
