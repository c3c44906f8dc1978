using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>The forms that authorization servers in the field give their tokens, keys and metadata; and those that are none.</summary>
public sealed class AuthorityFormTests : IAsyncLifetime
{
    private SmallIssuer issuer = null!;
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        issuer = await SmallIssuer.StartAsync();
        server = await TestServer.StartAsync(("Authority:Issuer", issuer.Issuer));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"aud":["https://other.example","*"]}""", true)]
    [InlineData("""{"aud":["https://other.example"]}""", false)]
    [InlineData("""{"aud":[]}""", false)]
    [InlineData("""{"aud":1}""", false)]
    [InlineData("""{"aud":{"*":true}}""", false)]
    [InlineData("""{"exp":9999999999.5}""", true)]
    [InlineData("""{"exp":"9999999999"}""", false)]
    [InlineData("""{"exp":true}""", false)]
    [InlineData("""{"exp":1e300}""", false)]
    [InlineData("""{"iat":1.5,"nbf":1.5}""", true)]
    [InlineData("""{"iat":"yesterday"}""", false)]
    [InlineData("""{"sub":5}""", false)]
    [InlineData("""{"sub":["user-1"]}""", false)]
    [InlineData("""{"scope":null,"scp":[["mcp.read"],5,"mcp.read"]}""", true)]
    [InlineData("""{"scope":"mcp.read","scp":"other"}""", true)]
    [InlineData("""{"client_id":5}""", true)]
    [InlineData("""{"iss":"/"}""", false)]
    public async Task Reads_claims_by_what_they_are(string claims, bool isAccepted) =>
        Assert.Equal(
            isAccepted,
            await server.AcceptsAsync(
                Assemble(
                    new JsonObject
                    {
                        ["alg"] = "ES256",
                        ["typ"] = "at+jwt",
                        ["kid"] = "first",
                    },
                    (JsonObject)
                        JsonNode.Parse(
                            claims
                                .Replace("*", server.Resource, StringComparison.Ordinal)
                                .Replace("\"/\"", $"\"{issuer.Issuer}/\"", StringComparison.Ordinal)
                        )!
                )
            )
        );

    [Theory]
    [InlineData("at+jwt", "at+jwt", true)]
    [InlineData("at+jwt", "application/at+jwt", true)]
    [InlineData("at+jwt", "AT+JWT", true)] // RFC 7515 §4.1.9: a media type
    [InlineData("at+jwt", "", false)]
    [InlineData("at+jwt", null, false)]
    [InlineData("JWT", "JWT", true)]
    [InlineData("JWT", null, true)] // as Okta's and Cognito's are
    [InlineData("JWT", "at+jwt", false)]
    [InlineData("at+jwt JWT", null, true)]
    public async Task B_09_takes_a_type_as_it_is_marked(string taken, string? type, bool isAccepted)
    {
        await using var itsServer = await TestServer.StartAsync(
            ("Authority:Issuer", issuer.Issuer),
            ("Authority:TokenTypes", taken),
            ("Authority:Audience", "api://mcp")
        );
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = "first" };
        if (type is not null)
            header["typ"] = type;
        Assert.Equal(isAccepted, await itsServer.AcceptsAsync(Assemble(header, new JsonObject { ["aud"] = "api://mcp" })));
    }

    [Theory]
    [InlineData(true, null, true)] // RFC 7515 §4.1.4: it may be left out
    [InlineData(false, null, true)]
    [InlineData(false, "first", true)]
    [InlineData(true, "another", true)] // signed by a key of the issuer all the same
    public async Task Finds_the_key_with_a_name_or_without_among_those_that_it_cannot_use(bool namesKeys, string? kid, bool isAccepted)
    {
        issuer.NamesKeys = namesKeys;
        foreach (
            var key in new[]
            {
                """{"kty":"OKP","crv":"Ed25519","kid":"first","x":"AAAA"}""",
                """{"kty":"EC","use":"enc","crv":"P-256","kid":"e","x":"AAAA","y":"AAAA"}""",
                """{"kty":"oct","k":"AAAA"}""",
                """{"kty":"RSA","n":"!","e":"AQAB"}""",
                "{}",
            }
        )
            issuer.OtherKeys.Add(JsonNode.Parse(key)!);
        var header = new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt" };
        if (kid is not null)
            header["kid"] = kid;
        Assert.Equal(isAccepted, await server.AcceptsAsync(Assemble(header, [])));
    }

    [Theory]
    [InlineData("""{"crit":["exp"]}""")]
    [InlineData("""{"crit":["b64"],"b64":false}""")]
    [InlineData("""{"alg":"EdDSA","kid":"ed"}""")]
    public async Task B_08_refuses_a_header_that_it_does_not_understand(string members)
    {
        issuer.OtherKeys.Add(
            JsonNode.Parse("""{"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""")!
        );
        var header = new JsonObject
        {
            ["alg"] = "ES256",
            ["typ"] = "at+jwt",
            ["kid"] = "first",
        };
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(members)!)
            header[name] = value?.DeepClone();
        using var answer = await server.PostMcpAsync(Assemble(header, []));
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/realms/one")]
    [InlineData("/realms/one/")]
    [InlineData("/")]
    public async Task Finds_an_issuer_with_a_path_or_a_slash_at_its_end_and_names_it_as_it_is(string path)
    {
        await using var other = await SmallIssuer.StartAsync("ES384", path);
        await using var itsServer = await TestServer.StartAsync(("Authority:Issuer", other.Issuer));
        Assert.True(await itsServer.AcceptsAsync(other.Sign(itsServer.Resource)));
        Assert.False(
            await itsServer.AcceptsAsync(
                other.Sign(
                    itsServer.Resource,
                    new Dictionary<string, object?> { ["iss"] = path.EndsWith('/') ? other.Issuer.TrimEnd('/') : other.Issuer + "/" }
                )
            )
        );
        using var http = itsServer.Http();
        var metadata = JsonNode.Parse(
            await http.GetStringAsync("/.well-known/oauth-protected-resource/mcp", TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(other.Issuer, (string)metadata["authorization_servers"]![0]!);
    }

    /// <param name="claims">Beside good ones, or in their place.</param>
    private string Assemble(JsonObject header, JsonObject claims)
    {
        var all = ForgedToken.Claims(issuer.Sign(server.Resource));
        foreach (var (name, value) in claims)
            all[name] = value?.DeepClone();
        return issuer.Assemble(header, all);
    }
}
