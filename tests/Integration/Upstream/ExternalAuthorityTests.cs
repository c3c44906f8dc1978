using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Flows;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>The server as nothing but a protected resource of an authorization server elsewhere, a real one.</summary>
public sealed class ExternalAuthorityTests
{
    private const string Secret = "the secret of this server at the introspection endpoint";

    [Theory]
    [InlineData("jwt", "", "RS256")]
    [InlineData("jwt", "/realms/mcp", "ES256")]
    [InlineData("opaque", "", "RS256")]
    public async Task Official_client_finds_it_registers_there_and_calls_tools_here(string format, string path, string algorithm)
    {
        Requires.OidcProvider();
        var port = TestServer.FreePort();
        await using var provider = await OidcProvider.StartAsync(
            new
            {
                path,
                algorithm,
                format,
                resource = $"http://localhost:{port}/mcp",
                scopes = new[] { "mcp.read", "mcp.write" },
                clients = new[]
                {
                    new
                    {
                        client_id = "this-server",
                        client_secret = Secret,
                        redirect_uris = Array.Empty<string>(),
                        response_types = Array.Empty<string>(),
                        grant_types = Array.Empty<string>(),
                    },
                },
            }
        );
        (string, string)[] introspection =
            format == "opaque" ? [("Authority:ClientId", "this-server"), ("Authority:ClientSecret", Secret)] : [];
        await using var server = await TestServer.StartAsync(
            TestServer.NewDataDirectory(),
            port,
            [("Authority:Issuer", provider.Issuer), .. introspection]
        );
        using var browser = server.Browser();
        browser.Known.Add(new Uri(provider.Issuer).GetLeftPart(UriPartial.Authority));
        var tokens = new OfficialClient.Tokens();
        await using var client = await OfficialClient.ConnectAsync(server, browser, tokens);

        Assert.NotEqual(true, (await client.MakeRequestAsync("hello")).IsError);
        var me = (await client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken))
            .StructuredContent!
            .Value;
        Assert.Equal(("ada", provider.Issuer), (me.GetProperty("subject").GetString(), me.GetProperty("issuer").GetString()));
        Assert.Equal(format == "jwt", tokens.Current!.AccessToken.StartsWith("eyJ", StringComparison.Ordinal));
        Assert.False(Directory.Exists(server.DataDirectory)); // it keeps nothing

        // B-09: what else the issuer gives a client is no access token.
        if (tokens.Current.RefreshToken is { } refreshToken)
            Assert.False(await server.AcceptsAsync(refreshToken));
    }

    [Fact]
    public async Task Serves_the_endpoint_and_its_metadata_and_nothing_else()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var server = await TestServer.StartAsync(("Authority:Issuer", issuer.Issuer));
        using var http = server.Http();
        foreach (var path in new[] { "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp" })
        {
            var metadata = JsonNode.Parse(await http.GetStringAsync(path, TestContext.Current.CancellationToken))!;
            Assert.Equal(
                (server.Resource, issuer.Issuer),
                ((string)metadata["resource"]!, (string)metadata["authorization_servers"]!.AsArray().Single()!)
            );
        }

        using (var challenge = await server.PostMcpAsync(null))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, challenge.StatusCode);
            Assert.Contains(
                $"resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\"",
                challenge.Headers.WwwAuthenticate.ToString(),
                StringComparison.Ordinal
            );
        }

        foreach (
            var path in new[]
            {
                "/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration",
                "/.well-known/jwks.json",
                "/authorize",
                "/token",
                "/register",
                "/revoke",
                "/introspect",
                "/signin",
                "/signout",
                "/consent",
                "/connections",
                "/connections/disconnect",
                "/signin/callback",
                "/signin/callback/github",
                "/signin/upstream",
                "/signin/code",
                "/account",
                "/account/password",
                "/account/passkeys",
                "/account/authenticator",
                "/register/cli_1",
            }
        )
        {
            using var get = await http.GetAsync(path, TestContext.Current.CancellationToken);
            using var post = await http.PostAsync(
                path,
                new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
                TestContext.Current.CancellationToken
            );
            Assert.True(
                (get.StatusCode, post.StatusCode) == (HttpStatusCode.NotFound, HttpStatusCode.NotFound),
                $"{path}: {get.StatusCode}, {post.StatusCode}"
            );
        }

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Introspection_asks_about_a_token_once_in_a_while_and_believes_what_it_hears()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var server = await TestServer.StartAsync(
            ("Authority:Issuer", issuer.Issuer),
            ("Authority:ClientId", "this-server"),
            ("Authority:ClientSecret", Secret)
        );
        var exp = DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds();
        issuer.Introspection = _ => new
        {
            active = true,
            sub = "user-1",
            client_id = "app",
            aud = server.Resource,
            scope = "mcp.read",
            exp,
            token_type = "Bearer",
        };
        Assert.True(await server.AcceptsAsync("opaque-1"));
        Assert.True(await server.AcceptsAsync("opaque-1"));
        Assert.Equal(1, issuer.Asked("/introspect"));

        issuer.Introspection = _ => new { active = false };
        Assert.True(await server.AcceptsAsync("opaque-1")); // within the time that an answer is used
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.False(await server.AcceptsAsync("opaque-1"));
        Assert.Equal(2, issuer.Asked("/introspect"));
    }

    [Fact]
    public async Task Introspection_of_something_else_than_a_live_bearer_token_for_this_server_is_refused()
    {
        await using var issuer = await SmallIssuer.StartAsync();
        await using var server = await TestServer.StartAsync(
            ("Authority:Issuer", issuer.Issuer),
            ("Authority:ClientId", "this-server"),
            ("Authority:ClientSecret", Secret)
        );
        var (exp, past) = (DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds());
        object[] answers =
        [
            new
            {
                active = true,
                sub = "u",
                aud = "https://other.example",
                exp,
            },
            new
            {
                active = true,
                sub = "u",
                exp,
            },
            new
            {
                active = true,
                aud = server.Resource,
                exp,
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
                exp = past,
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
                exp,
                iss = "https://other.example",
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
                exp,
                token_type = "refresh_token",
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
                exp,
                token_type = "DPoP",
            },
            new
            {
                active = true,
                sub = "u",
                aud = server.Resource,
                exp,
                cnf = new { jkt = "abc" },
            },
            new
            {
                active = "true",
                sub = "u",
                aud = server.Resource,
                exp,
            },
            new
            {
                sub = "u",
                aud = server.Resource,
                exp,
            },
        ];
        for (var i = 0; i < answers.Length; i++)
        {
            issuer.Introspection = _ => answers[i];
            Assert.False(await server.AcceptsAsync($"opaque-{i}"), $"answer {i}");
        }

        issuer.IsDown = true;
        server.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(1); // between tries
        using var unavailable = await server.PostMcpAsync("opaque-new");
        await unavailable.AssertErrorAsync(503, "temporarily_unavailable");
    }
}
