using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>grant_type=refresh_token: what a refresh gives, and to whom.</summary>
public sealed class RefreshTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task R_01_a_refresh_gives_new_tokens(string method)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        var (access, refresh) = await client.SignInAsync();
        using var response = await client.RefreshAsync(refresh);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);

        var tokens = await response.JsonAsync();
        Assert.Equal(["access_token", "token_type", "expires_in", "refresh_token", "scope"], tokens.Select(member => member.Key));
        Assert.NotEqual(refresh, (string?)tokens["refresh_token"]);
        Assert.NotEqual(access, (string?)tokens["access_token"]);
        Assert.Equal("mcp.read mcp.write", (string?)tokens["scope"]);
        Assert.True(await server.AcceptsAsync((string)tokens["access_token"]!));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync((string)tokens["refresh_token"]!)).StatusCode);
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE", "invalid_grant")]
    [InlineData("' OR 1=1 --", "invalid_grant")]
    public async Task Refuses_a_missing_or_unknown_token(string? refreshToken, string error)
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.RefreshAsync("", ("refresh_token", refreshToken))).AssertErrorAsync(400, error);
    }

    [Fact]
    public async Task Refuses_an_access_token_and_a_code()
    {
        using var client = await TestClient.RegisterAsync(server);
        await (await client.RefreshAsync((await client.SignInAsync()).Access)).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync(await client.CodeAsync())).AssertErrorAsync(400, "invalid_grant");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    public async Task R_06_refuses_the_token_of_another_client_and_changes_nothing(string method)
    {
        using var owner = await TestClient.RegisterAsync(server);
        using var thief = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        var (access, refresh) = await owner.SignInAsync();
        await (await thief.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(access));
        var second = (string)(await (await owner.RefreshAsync(refresh)).JsonAsync())["refresh_token"]!;

        await (await thief.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await owner.RefreshAsync(second)).StatusCode);
    }

    [Fact]
    public async Task R_07_refuses_a_wider_scope_and_keeps_the_token()
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync("alice", ("scope", "mcp.read"))).Refresh;
        foreach (var scope in new[] { "mcp.write", "mcp.read mcp.write", "\"" })
            await (await client.RefreshAsync(refresh, ("scope", scope))).AssertErrorAsync(400, "invalid_scope");
        using var response = await client.RefreshAsync(refresh);
        Assert.Equal("mcp.read", (string?)(await response.JsonAsync())["scope"]);
    }

    [Fact]
    public async Task R_07_narrows_the_access_token_alone()
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var narrow = await (await client.RefreshAsync(refresh, ("scope", "mcp.read"))).JsonAsync();
        Assert.Equal("mcp.read", (string?)narrow["scope"]);
        Assert.Equal("mcp.read", (string?)ForgedToken.Claims((string)narrow["access_token"]!)["scope"]);

        var full = await (await client.RefreshAsync((string)narrow["refresh_token"]!)).JsonAsync();
        Assert.Equal("mcp.read mcp.write", (string?)full["scope"]);
        Assert.Equal("mcp.read mcp.write", (string?)ForgedToken.Claims((string)full["access_token"]!)["scope"]);
    }

    [Theory]
    [InlineData("https://other.example/mcp")]
    [InlineData("mcp")]
    public async Task R_08_refuses_another_resource_and_does_not_rotate(string resource)
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        await (await client.RefreshAsync(refresh, ("resource", resource))).AssertErrorAsync(400, "invalid_target");
        Assert.Equal(1, await client.CountRefreshTokensAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(refresh)).StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("/")]
    [InlineData("/mcp")]
    public async Task R_08_keeps_the_audience_whatever_spelling_was_sent(string? path)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.RefreshAsync(
            (await client.SignInAsync()).Refresh,
            ("resource", path is null ? null : server.Issuer + path)
        );
        Assert.Equal(server.Resource, (string?)ForgedToken.Claims((string)(await response.JsonAsync())["access_token"]!)["aud"]);
    }

    [Theory]
    [InlineData(29, true)]
    [InlineData(31, false)]
    public async Task R_10_an_idle_token_lives_for_30_days(int days, bool isAlive)
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var refresh = (await client.SignInAsync()).Refresh;
        own.Clock.Advance(TimeSpan.FromDays(days));
        using var response = await client.RefreshAsync(refresh);
        if (isAlive)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            await response.AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task R_10_no_refresh_reaches_beyond_90_days()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var refresh = (await client.SignInAsync()).Refresh;
        JsonObject last = [];
        foreach (var step in new[] { TimeSpan.FromDays(29), TimeSpan.FromDays(29), TimeSpan.FromDays(29), new TimeSpan(2, 23, 30, 0) })
        {
            own.Clock.Advance(step);
            last = await (await client.RefreshAsync(refresh)).JsonAsync();
            refresh = (string)last["refresh_token"]!;
        }

        Assert.InRange((int)last["expires_in"]!, 1, 1800);
        own.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False(await own.AcceptsAsync((string)last["access_token"]!));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task R_11_refuses_a_disabled_user()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var refresh = (await client.SignInAsync("bob")).Refresh;
        await own.DisableUserAsync("bob");
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task R_11_refuses_a_withdrawn_grant()
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        await server.WithdrawGrantsAsync(client.Id);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task R_11_refuses_a_disabled_client()
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        await server.DisableClientAsync(client.Id);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task R_17_gives_no_refresh_token_to_a_client_without_that_grant()
    {
        using var client = await TestClient.RegisterAsync(server, ("grant_types", new JsonArray("authorization_code")));
        using var other = await TestClient.RegisterAsync(server);
        using var response = await client.ExchangeAsync(await client.CodeAsync());
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], (await response.JsonAsync()).Select(member => member.Key));
        await (await client.RefreshAsync((await other.SignInAsync()).Refresh)).AssertErrorAsync(400, "unauthorized_client");
    }
}
