using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>The documents under /.well-known: what they say, to whom, and for how long.</summary>
public sealed class DiscoveryTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Resource = "/.well-known/oauth-protected-resource";
    private const string Server = "/.well-known/oauth-authorization-server";
    private const string OpenId = "/.well-known/openid-configuration";
    private const string Keys = "/.well-known/jwks.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(Resource, "oauth-protected-resource.json")]
    [InlineData(Resource + "/mcp", "oauth-protected-resource.json")]
    [InlineData(Server, "oauth-authorization-server.json")]
    [InlineData(OpenId, "oauth-authorization-server.json")]
    public async Task W_01_says_exactly_what_the_golden_file_says(string path, string file)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var said = (await response.JsonAsync())
            .ToJsonString(Indented)
            .Replace(server.Issuer, "https://mcp.example.com", StringComparison.Ordinal);
        var golden = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Endpoints", "Golden", file),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(golden.TrimEnd(), said.ReplaceLineEndings("\n"));
    }

    // RFC 9110 §9.1, §9.3.2: the same without the body.
    [Theory]
    [InlineData(Resource)]
    [InlineData(Resource + "/mcp")]
    [InlineData(Server)]
    [InlineData(OpenId)]
    [InlineData(Keys)]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Answers_HEAD_as_GET_without_the_body(string path)
    {
        var (get, head) = (
            await server.GetRawAsync(path),
            await server.SendRawAsync($"HEAD {path} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\n\r\n")
        );
        Assert.Equal(
            (200, get.Header("Content-Type"), get.Header("Cache-Control"), ""),
            (head.Status, head.Header("Content-Type"), head.Header("Cache-Control"), head.Body)
        );
    }

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server/mcp")]
    [InlineData("/.well-known/openid-configuration/mcp")]
    [InlineData("/mcp/.well-known/openid-configuration")]
    [InlineData("/mcp/.well-known/oauth-protected-resource")]
    [InlineData("/.well-known/oauth-protected-resource/other")]
    [InlineData("/.well-known/anything-else")]
    public async Task W_01_answers_every_other_form_with_a_small_404(string path)
    {
        using var response = await GetAsync(path, ("Accept", "application/json"));
        await response.AssertErrorAsync(404, "not_found");
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "evil.example")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/evil")]
    [InlineData("Forwarded", "host=evil.example;proto=https")]
    public async Task W_02_W_09_no_header_changes_what_is_said(string header, string value)
    {
        foreach (var path in new[] { Resource, Server, OpenId, Keys })
        {
            using var plain = await GetAsync(path);
            using var spoofed = await GetAsync(path, (header, value));
            if (spoofed.StatusCode == HttpStatusCode.BadRequest)
                continue;
            Assert.Equal((await plain.JsonAsync()).ToJsonString(), (await spoofed.JsonAsync()).ToJsonString());
        }

        using var challenged = await server.PostMcpAsync(null, null, (header, value));
        if (challenged.StatusCode != HttpStatusCode.BadRequest)
            Assert.Contains(
                $"resource_metadata=\"{server.Issuer}{Resource}/mcp\"",
                challenged.Headers.WwwAuthenticate.ToString(),
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task W_02_a_foreign_host_is_refused_and_a_loopback_one_served()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await GetAsync(Server, ("Host", "evil.example"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Server, ("Host", "127.0.0.1"))).StatusCode);
    }

    [Fact]
    public async Task W_04_advertises_registration_while_it_is_on_alone()
    {
        await using var own = await TestServer.StartAsync(("OAuth:Registration:Enabled", "false"));
        using var response = await own.SendAsync(new HttpRequestMessage(HttpMethod.Get, Server));
        Assert.False((await response.JsonAsync()).ContainsKey("registration_endpoint"));
        Assert.Equal(HttpStatusCode.NotFound, (await own.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/register"))).StatusCode);
    }

    [Theory]
    [InlineData("ES256", "kty use alg kid crv x y")]
    [InlineData("RS256", "kty use alg kid n e")]
    public async Task W_06_shows_public_members_alone_and_the_key_that_signs(string algorithm, string members)
    {
        await using var own = await TestServer.StartAsync(("OAuth:SigningAlgorithm", algorithm));
        using var response = await own.SendAsync(new HttpRequestMessage(HttpMethod.Get, Keys));
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var key = (JsonObject)Assert.Single(JsonNode.Parse(body)!["keys"]!.AsArray())!;
        Assert.Equal(members.Split(' ').Order(), key.Select(member => member.Key).Order());
        Assert.Equal((algorithm, "sig"), ((string?)key["alg"], (string?)key["use"]));

        using var client = await TestClient.RegisterAsync(own);
        var token = (await client.SignInAsync()).Access;
        Assert.Equal((string?)key["kid"], (string?)ForgedToken.Header(token)["kid"]);
        var validation = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = own.Issuer,
                ValidAudience = own.Resource,
                IssuerSigningKeys = new JsonWebKeySet(body).GetSigningKeys(),
                ValidAlgorithms = [algorithm],
                ValidateLifetime = false,
            }
        );
        Assert.True(validation.IsValid, validation.Exception?.Message);
    }

    [Fact]
    public async Task W_06_keeps_the_old_key_when_the_algorithm_changes()
    {
        var (directory, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var before = await TestServer.StartAsync(directory, port);
        using var client = await TestClient.RegisterAsync(before);
        var old = (await client.SignInAsync()).Access;
        await before.StopAsync();

        await using var after = await TestServer.StartAsync(directory, port, ("OAuth:SigningAlgorithm", "RS256"));
        using var response = await after.SendAsync(new HttpRequestMessage(HttpMethod.Get, Keys));
        var keys = (await response.JsonAsync())["keys"]!.AsArray();
        Assert.Equal(2, keys.Select(key => (string?)key!["kid"]).Distinct().Count());
        Assert.True(await after.AcceptsAsync(old));
        Assert.Equal("RS256", (string?)ForgedToken.Header((await client.SignInAsync()).Access)["alg"]);
    }

    [Theory]
    [InlineData(Resource)]
    [InlineData(Server)]
    [InlineData(OpenId)]
    [InlineData(Keys)]
    public async Task W_10_can_be_cached_and_read_by_any_page(string path)
    {
        using var response = await GetAsync(path, ("Origin", "https://anyone.example"));
        Assert.True(response.Headers.CacheControl is { MaxAge.TotalSeconds: > 0, NoStore: false });
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.NotNull(response.Headers.ETag);

        using var again = await GetAsync(path, ("If-None-Match", response.Headers.ETag.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var changed = await GetAsync(path, ("If-None-Match", "\"other\""));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return server.SendAsync(request);
    }
}
