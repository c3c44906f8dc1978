using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Which tokens of an external authorization server open /mcp, and how the others are refused.</summary>
public sealed class AuthorityTokenTests : IAsyncLifetime
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
    [InlineData("scope", "mcp.read")]
    [InlineData("scp", "mcp.read other")]
    [InlineData("scp", "[\"mcp.read\", \"other\"]")]
    [InlineData("scope", "[\"mcp.read\"]")]
    public async Task Takes_a_scope_in_each_of_its_forms(string claim, string scope)
    {
        var token = Sign(
            ("scope", null),
            (claim, scope[0] == '[' ? JsonNode.Parse(scope)!.AsArray().Select(item => (string)item!).ToArray() : scope)
        );
        Assert.Contains(
            "mcp.read",
            (await IdentityAsync(server, token)).GetProperty("scopes").EnumerateArray().Select(item => item.GetString())
        );
        using var refused = await server.PostMcpAsync(token, McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("insufficient_scope", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("client_id")]
    [InlineData("azp")]
    [InlineData("appid")]
    [InlineData("cid")]
    public async Task Reads_who_calls_from_whichever_claim_names_the_client(string claim)
    {
        var me = await IdentityAsync(server, Sign(("client_id", null), (claim, "the-app"), ("preferred_username", "ada")));
        Assert.Equal(
            ["user-1", "ada", "the-app", issuer.Issuer, server.Resource],
            new[] { "subject", "userName", "client", "issuer", "audience" }.Select(name => me.GetProperty(name).GetString())
        );
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Takes_every_algorithm_that_needs_no_shared_secret(string algorithm)
    {
        await using var other = await SmallIssuer.StartAsync(algorithm, "/realms/one");
        await using var itsServer = await TestServer.StartAsync(("Authority:Issuer", other.Issuer));
        Assert.True(await itsServer.AcceptsAsync(other.Sign(itsServer.Resource)));
    }

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "B_06 other audience", "aud", "https://other.example/mcp" },
            { "B_06 origin for an audience", "aud", "http://localhost" },
            { "B_06 audience with a slash more", "aud", "+/" },
            { "B_10 no audience", "aud", "" },
            { "B_10 no subject", "sub", "" },
            { "B_10 no expiry", "exp", "" },
            { "B_05 expired", "exp", "-1" },
            { "B_10 issued ahead", "iat", "120" },
            { "B_10 not yet valid", "nbf", "120" },
            { "other issuer", "iss", "https://other.example" },
            { "bound to a key", "cnf", "{\"jkt\":\"abc\"}" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Refuses_a_token_with_a_claim_that_is_wrong(string why, string claim, string value)
    {
        var now = DateTimeOffset.UtcNow;
        object? wrong = value switch
        {
            "" => null,
            "+/" => server.Resource + "/",
            ['{', ..] => new Dictionary<string, object> { ["jkt"] = "abc" },
            _ when long.TryParse(value, out var seconds) => now.AddSeconds(seconds).ToUnixTimeSeconds(),
            _ => value,
        };
        await AssertRefusedAsync(Sign((claim, wrong)), why);
    }

    [Fact]
    public async Task B_08_refuses_a_token_that_its_issuer_did_not_sign()
    {
        await AssertRefusedAsync(issuer.Sign(server.Resource, by: SmallIssuer.NewKey("ES256", "first")), "signed by another");
        await AssertRefusedAsync(issuer.Sign(server.Resource, by: SmallIssuer.NewKey("ES256", "../x")), "of no known key");
        var publicKey = ((ECDsaSecurityKey)issuer.Key).ECDsa.ExportSubjectPublicKeyInfo();
        await AssertRefusedAsync(
            issuer.Sign(server.Resource, by: new SigningCredentials(new SymmetricSecurityKey(publicKey) { KeyId = "first" }, "HS256")),
            "a MAC with the public key"
        );
        await AssertRefusedAsync($"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{Sign().Split('.')[1]}.", "alg none");
        await AssertRefusedAsync("opaque", "no JWT");
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("logout+jwt")]
    public Task B_09_refuses_a_token_of_another_type(string type) => AssertRefusedAsync(issuer.Sign(server.Resource, type: type), type);

    [Fact]
    public async Task Takes_the_audience_type_and_scopes_of_an_issuer_without_resource_indicators_as_configured()
    {
        await using var itsServer = await TestServer.StartAsync(
            ("Authority:Issuer", issuer.Issuer),
            ("Authority:Audience", "api://mcp"),
            ("Authority:TokenTypes", "JWT"),
            ("Authority:ScopePrefix", "api://mcp/")
        );
        var claims = new Dictionary<string, object?> { ["scope"] = null, ["scp"] = "mcp.read mcp.write" };
        Assert.True(await itsServer.AcceptsAsync(issuer.Sign("api://mcp", claims, "JWT")));
        using var refused = await itsServer.PostMcpAsync(issuer.Sign(itsServer.Resource, claims, "JWT"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        var scopes = new[] { "api://mcp/mcp.read", "api://mcp/mcp.write" };
        Assert.All(scopes, scope => Assert.Contains(scope, refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal));
        using var http = itsServer.Http();
        var metadata = JsonNode.Parse(
            await http.GetStringAsync("/.well-known/oauth-protected-resource/mcp", TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(scopes, metadata["scopes_supported"]!.AsArray().Select(scope => (string)scope!).Order());
    }

    [Fact]
    public async Task F_44_takes_a_new_key_at_once_and_is_not_made_to_ask_by_forgers()
    {
        Assert.True(await server.AcceptsAsync(Sign()));
        issuer.Rotate("second");
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await server.AcceptsAsync(Sign()));
        Assert.Equal(2, issuer.Asked("/keys"));

        for (var i = 0; i < 20; i++)
            await AssertRefusedAsync(issuer.Sign(server.Resource, by: SmallIssuer.NewKey("ES256", $"forged-{i}")), "of no known key");
        Assert.Equal(2, issuer.Asked("/keys"));
    }

    [Theory]
    [InlineData(true)] // some make new keys at each start, of the same names
    [InlineData(false)]
    public async Task F_44_takes_a_new_key_that_has_the_old_name_or_none(bool namesKeys)
    {
        issuer.NamesKeys = namesKeys;
        Assert.True(await server.AcceptsAsync(Nameless(namesKeys)));
        issuer.Rotate("first");
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await server.AcceptsAsync(Nameless(namesKeys)));

        string Nameless(bool hasName) =>
            hasName ? Sign() : issuer.Assemble(new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt" }, ForgedToken.Claims(Sign()));
    }

    [Fact]
    public async Task B_17_trouble_with_the_issuer_is_no_fault_of_the_token()
    {
        var known = Sign();
        Assert.True(await server.AcceptsAsync(known));
        issuer.IsDown = true;
        Assert.True(await server.AcceptsAsync(known));

        await using var unread = await TestServer.StartAsync(("Authority:Issuer", issuer.Issuer));
        unread.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(1); // between tries
        using var unavailable = await unread.PostMcpAsync(issuer.Sign(unread.Resource));
        await unavailable.AssertErrorAsync(503, "temporarily_unavailable");
        Assert.NotNull(unavailable.Headers.RetryAfter);
        Assert.Empty(unavailable.Headers.WwwAuthenticate);
    }

    private string Sign(params (string Name, object? Value)[] claims) =>
        issuer.Sign(server.Resource, claims.GroupBy(claim => claim.Name).ToDictionary(claim => claim.Key, claim => claim.Last().Value));

    private async Task AssertRefusedAsync(string token, string why)
    {
        using var answer = await server.PostMcpAsync(token);
        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{why}: {answer.StatusCode}");
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<System.Text.Json.JsonElement> IdentityAsync(TestServer server, string token)
    {
        await using var client = await Callers.ConnectAsync(server, token);
        return (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken)).StructuredContent!.Value;
    }
}
