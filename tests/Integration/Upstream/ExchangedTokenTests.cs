using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OAuthMcp.Api.Pages;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>Tokens that are minted for the API behind alone, and what leaves this server instead of the caller's own.</summary>
public sealed class ExchangedTokenTests
{
    private const string Audience = "https://api.example";

    [Fact]
    public async Task Mints_a_token_for_the_api_in_the_callers_name_for_a_minute()
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await StartAsync(api);
        using var client = await TestClient.RegisterAsync(server);
        var (token, _) = await client.SignInAsync("alice", ("scope", "mcp.write"));
        await CallAsync(server, token);
        var minted = Assert.Single(api.Requests).Authorization["Bearer ".Length..];

        using var keys = await client.Http.GetAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        var validation = await new JsonWebTokenHandler().ValidateTokenAsync(
            minted,
            new TokenValidationParameters
            {
                ValidIssuer = server.Issuer,
                ValidAudience = Audience,
                ValidTypes = ["at+jwt"],
                IssuerSigningKeys = new JsonWebKeySet(
                    await keys.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
                ).GetSigningKeys(),
            }
        );
        Assert.True(validation.IsValid, validation.Exception?.Message);

        var (own, claims) = (ForgedToken.Claims(token), ForgedToken.Claims(minted));
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(["act", "aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub"], claims.Select(claim => claim.Key).Order());
        Assert.Equal(
            ((string?)own["sub"], (string?)own["client_id"], (string?)own["scope"], Audience),
            ((string?)claims["sub"], (string?)claims["client_id"], (string?)claims["scope"], (string?)claims["aud"])
        );
        Assert.Equal(server.Resource, (string?)claims["act"]!["sub"]);
        Assert.Equal((now, now + 60), ((long)claims["iat"]!, (long)claims["exp"]!));
        Assert.NotEqual((string?)own["jti"], (string?)claims["jti"]);

        // RFC 8707: who reads it there can use it there alone.
        Assert.False(await server.AcceptsAsync(minted));
    }

    [Fact]
    public async Task A_minted_token_outlives_the_callers_own_by_nothing()
    {
        await using var api = await StandIn.StartAsync(StandIn.AnythingAsync);
        await using var server = await StartAsync(api);
        using var client = await TestClient.RegisterAsync(server);
        var (token, _) = await client.SignInAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(59.5));
        await CallAsync(server, token);
        Assert.Equal(
            (long)ForgedToken.Claims(token)["exp"]!,
            (long)ForgedToken.Claims(Assert.Single(api.Requests).Authorization["Bearer ".Length..])["exp"]!
        );
    }

    [Theory]
    [InlineData(401, 2)]
    [InlineData(500, 3)]
    public async Task Mints_another_one_for_each_try(int status, int tries)
    {
        await using var api = await StandIn.StartAsync(http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(api);
        server.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(5);
        using var client = await TestClient.RegisterAsync(server);
        await CallAsync(server, (await client.SignInAsync()).Access);
        Assert.Equal((tries, tries), (api.Requests.Count, api.Requests.Select(request => request.Authorization).Distinct().Count()));
    }

    [Theory]
    [InlineData("Exchanged")]
    [InlineData("Upstream")]
    public async Task X_01_the_callers_own_token_never_leaves(string mode)
    {
        var seen = new StringBuilder();
        async Task RecordAsync(HttpContext http)
        {
            using var body = new StreamReader(http.Request.Body);
            var text =
                $"{http.Request.Path}{http.Request.QueryString} {string.Join(' ', http.Request.Headers)} {await body.ReadToEndAsync(http.RequestAborted)}";
            lock (seen)
                seen.AppendLine(text);
        }

        await using var api = await StandIn.StartAsync(async http =>
        {
            await RecordAsync(http);
            await StandIn.AnythingAsync(http);
        });
        var configuration = new[]
        {
            ("Downstream:Token", mode),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            ("Serilog:MinimumLevel:Default", "Verbose"),
        };
        await using var upstream = await UpstreamServer.GitHubAsync(
            mode == "Exchanged" ? [.. configuration, ("Downstream:Audience", Audience)] : configuration
        );
        var token = await upstream.SignInAsync();
        var result = await upstream.CallAsync(token);
        Assert.NotEqual(true, result.IsError);

        foreach (var request in upstream.Provider.Socket.Requests)
            seen.AppendLine(request.ToString());
        foreach (var form in upstream.Provider.TokenRequests)
            seen.AppendLine(string.Join(' ', form));
        Assert.Contains("Authorization, Bearer ", seen.ToString(), StringComparison.Ordinal);
        var sent = Regex.Match(seen.ToString(), "Authorization, Bearer ([^]]+)").Groups[1].Value;
        foreach (var text in upstream.Server.Log.All.Append(System.Text.Json.JsonSerializer.Serialize(result)))
            Assert.DoesNotContain(sent, text, StringComparison.Ordinal);
        foreach (var part in token.Split('.')[1..]) // the header is every token's
        foreach (var text in upstream.Server.Log.All.Append(seen.ToString()).Append(System.Text.Json.JsonSerializer.Serialize(result)))
            Assert.DoesNotContain(part, text, StringComparison.Ordinal);
    }

    private static Task<TestServer> StartAsync(StandIn api) =>
        TestServer.StartAsync(
            ("Downstream:Token", "Exchanged"),
            ("Downstream:Audience", Audience),
            ("Downstream:BaseAddress", api.Address.AbsoluteUri)
        );

    private static async Task CallAsync(TestServer server, string token)
    {
        await using var client = await Callers.ConnectAsync(server, token);
        await client.MakeRequestAsync("hello");
    }
}
