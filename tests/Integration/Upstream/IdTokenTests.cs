using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>ID tokens that a provider should not have sent, or that are not a provider's (OpenID Connect Core §3.1.3.7).</summary>
public sealed class IdTokenTests(IdTokenTests.Provider provider) : IClassFixture<IdTokenTests.Provider>
{
    public static TheoryData<string> Defects =>
        [
            "no ID token",
            "garbage",
            "alg none",
            "alg none without signature",
            "HS256 with the public key",
            "HS256 with the client secret",
            "a foreign key",
            "a foreign key of a new name",
            "a changed claim",
            "another issuer",
            "no issuer",
            "another audience",
            "no audience",
            "another party",
            "two audiences and no party",
            "two audiences and another party",
            "another nonce",
            "no nonce",
            "no exp",
            "expired",
            "no iat",
            "issued ahead",
            "not yet valid",
            "no subject",
            "an empty subject",
            "a number for a subject",
            "a list for a subject",
            "a subject of 256 characters",
            "a number for an audience",
            "an object for an audience",
            "a text for exp",
            "a text for iat",
            "an iat beyond all time",
            "an nbf beyond all time",
            "a list for a nonce",
            "a number for azp",
            "two subjects",
            "two nonces",
            "claims a thousand deep",
            "a megabyte of claims",
            "a critical header",
            "no kid and a foreign key",
        ];

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task C_25_signs_nobody_in_with(string defect)
    {
        var gitLab = provider.GitLab;
        gitLab.IdToken = (header, claims) => Bend(defect, header, claims, gitLab);
        using var browser = await provider.Upstream.TryAsync();
        gitLab.IdToken = null;
        await browser.Response.AssertPageAsync(502);
        await UpstreamCallbackTests.AssertNobodyAsync(provider.Upstream, browser);
        Assert.Contains(
            "upstream_error",
            await provider.Upstream.Server.Log.NextAsync(line =>
                line.Contains("/signin/callback ", StringComparison.Ordinal) && line.Contains("upstream_error", StringComparison.Ordinal)
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Takes_a_token_that_is_late_or_early_by_less_than_a_minute_and_one_for_two_parties_one_of_which_is_this()
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        var now = upstream.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        gitLab.IdToken = (header, claims) =>
            ForgedToken.Assemble(header, ForgedToken.Changed(claims, ("exp", now - 55), ("iat", now - 175)), gitLab.Sign);
        await upstream.SignInAsync();
        gitLab.IdToken = (header, claims) =>
            ForgedToken.Assemble(header, ForgedToken.Changed(claims, ("iat", now + 55), ("nbf", now + 55)), gitLab.Sign);
        await upstream.SignInAsync();
        gitLab.IdToken = (header, claims) =>
            ForgedToken.Assemble(
                header,
                ForgedToken.Changed(claims, ("aud", new JsonArray(UpstreamStandIn.ClientId, "other")), ("azp", UpstreamStandIn.ClientId)),
                gitLab.Sign
            );
        await upstream.SignInAsync();
    }

    [Fact]
    public async Task Refuses_user_info_of_another_subject()
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        gitLab.Endpoints.Break(gitLab.UserInfoPath, http =>
            UpstreamStandIn.AnswerJsonAsync(http, new { sub = "1", groups = new[] { "admins" } })
        );
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
    }

    [Fact]
    public async Task F_44_looks_once_more_when_the_keys_were_rotated_on_the_way()
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        await upstream.SignInAsync();
        Assert.Equal(1, gitLab.Endpoints.Asked(gitLab.KeysPath));

        upstream.Server.Clock.Advance(TimeSpan.FromSeconds(6));
        var (browser, callback) = await upstream.LeaveAsync();
        gitLab.RotateKeys();
        await browser.OpenAsync(callback);
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal(2, gitLab.Endpoints.Asked(gitLab.KeysPath));
        browser.Dispose();

        // Whoever forges tokens makes the server look no more often than every few seconds.
        gitLab.IdToken = (header, claims) =>
            ForgedToken.Assemble(ForgedToken.Changed(header, ("kid", "unheard-of")), claims, OidcStandIn.SignWithForeignKey);
        for (var tries = 0; tries < 3; tries++)
        {
            using var refused = await upstream.TryAsync();
            await refused.Response.AssertPageAsync(502);
        }

        Assert.Equal(2, gitLab.Endpoints.Asked(gitLab.KeysPath));
    }

    [Theory]
    [InlineData("issuer", "https://evil.example")]
    [InlineData("issuer", null)]
    [InlineData("authorization_endpoint", null)]
    [InlineData("authorization_endpoint", "http://evil.example/authorize")]
    [InlineData("authorization_endpoint", "javascript:alert(1)")]
    [InlineData("jwks_uri", "http://evil.example/keys")]
    [InlineData("token_endpoint", "http://evil.example/token")]
    [InlineData("userinfo_endpoint", "http://user@localhost/userinfo")]
    public async Task Uses_no_metadata_of_another_issuer_nor_an_endpoint_that_is_not_safe(string name, string? value)
    {
        await using var gitLab = await OidcStandIn.StartAsync();
        gitLab.Metadata = [(name, value)];
        await using var upstream = await UpstreamServer.StartAsync(gitLab.Endpoints, "gitlab");
        using var browser = await upstream.TryAsync();
        await browser.Response.AssertPageAsync(502);
        await UpstreamCallbackTests.AssertNobodyAsync(upstream, browser);
    }

    private static string Bend(string defect, JsonObject header, JsonObject claims, OidcStandIn provider)
    {
        string With(params (string, JsonNode?)[] changes) =>
            ForgedToken.Assemble(header, ForgedToken.Changed(claims, changes), provider.Sign);
        string Headed(Func<byte[], byte[]> sign, params (string, JsonNode?)[] changes) =>
            ForgedToken.Assemble(ForgedToken.Changed(header, changes), claims, sign);
        string Raw(Func<string, string> change)
        {
            var input =
                Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()))
                + "."
                + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(change(claims.ToJsonString())));
            return $"{input}.{Base64Url.EncodeToString(provider.Sign(Encoding.ASCII.GetBytes(input)))}";
        }

        var now = (long)claims["iat"]!;
        return defect switch
        {
            "no ID token" => "",
            "garbage" => "e30.e30",
            "alg none" => Headed(provider.Sign, ("alg", "none")),
            "alg none without signature" => Headed(_ => [], ("alg", "none"), ("kid", null)),
            "HS256 with the public key" => Headed(input => HMACSHA256.HashData(provider.PublicKey, input), ("alg", "HS256")),
            "HS256 with the client secret" => Headed(
                input => HMACSHA256.HashData(Encoding.ASCII.GetBytes(UpstreamStandIn.ClientSecret), input),
                ("alg", "HS256")
            ),
            "a foreign key" => Headed(OidcStandIn.SignWithForeignKey),
            "a foreign key of a new name" => Headed(OidcStandIn.SignWithForeignKey, ("kid", "new")),
            "a changed claim" => string.Join(
                '.',
                With().Split('.') is var parts
                    ? [parts[0], ForgedToken.Assemble(header, ForgedToken.Changed(claims, ("sub", "1")), _ => []).Split('.')[1], parts[2]]
                    : []
            ),
            "another issuer" => With(("iss", "https://evil.example")),
            "no issuer" => With(("iss", null)),
            "another audience" => With(("aud", "other-client")),
            "no audience" => With(("aud", null)),
            "another party" => With(("azp", "other-client")),
            "two audiences and no party" => With(("aud", new JsonArray(UpstreamStandIn.ClientId, "other"))),
            "two audiences and another party" => With(("aud", new JsonArray(UpstreamStandIn.ClientId, "other")), ("azp", "other")),
            "another nonce" => With(("nonce", "other")),
            "no nonce" => With(("nonce", null)),
            "no exp" => With(("exp", null)),
            "expired" => With(("exp", now - 61)),
            "no iat" => With(("iat", null)),
            "issued ahead" => With(("iat", now + 65)),
            "not yet valid" => With(("nbf", now + 65)),
            "no subject" => With(("sub", null)),
            "an empty subject" => With(("sub", "")),
            "a number for a subject" => With(("sub", (long)583231)),
            "a list for a subject" => With(("sub", new JsonArray("583231"))),
            "a subject of 256 characters" => With(("sub", new string('1', 256))),
            "a number for an audience" => With(("aud", 1)),
            "an object for an audience" => With(("aud", new JsonObject { [UpstreamStandIn.ClientId] = true })),
            "a text for exp" => With(("exp", "later")),
            "a text for iat" => With(("iat", "now")),
            "an iat beyond all time" => With(("iat", long.MaxValue)),
            "an nbf beyond all time" => With(("nbf", long.MaxValue)),
            "a list for a nonce" => With(("nonce", new JsonArray((string)claims["nonce"]!))),
            "a number for azp" => With(("azp", 1)),
            "two subjects" => Raw(text => text.Insert(1, "\"sub\":\"1\",")),
            "two nonces" => Raw(text => text.Insert(1, "\"nonce\":\"other\",")),
            "claims a thousand deep" => Raw(text => text.Insert(1, $"\"deep\":{new string('[', 1000)}{new string(']', 1000)},")),
            "a megabyte of claims" => Raw(text => text.Insert(1, $"\"much\":\"{new string('x', 700_000)}\",")),
            "a critical header" => Headed(provider.Sign, ("crit", new JsonArray("exp")), ("exp", now)),
            "no kid and a foreign key" => Headed(OidcStandIn.SignWithForeignKey, ("kid", null)),
            _ => throw new ArgumentException($"There is no defect {defect}."),
        };
    }

    /// <summary>One issuer and one server for all of them: nobody gets in.</summary>
    public sealed class Provider : IAsyncLifetime
    {
        internal OidcStandIn GitLab { get; private set; } = null!;
        internal UpstreamServer Upstream { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            GitLab = await OidcStandIn.StartAsync();
            Upstream = await UpstreamServer.StartAsync(GitLab.Endpoints, "gitlab");
        }

        public ValueTask DisposeAsync() => Upstream.DisposeAsync();
    }
}
