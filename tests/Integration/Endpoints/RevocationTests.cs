using System.Net;
using System.Net.Http.Headers;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>/revoke: an owner ends a token, and nobody else learns or ends anything.</summary>
public sealed class RevocationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task V_01_a_revoked_refresh_token_takes_its_family_along(string method)
    {
        using var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", method));
        var (access, refresh) = await client.SignInAsync();
        var second = await (await client.RefreshAsync(refresh)).JsonAsync();
        var other = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));

        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync((string)second["refresh_token"]!)).StatusCode);
        Assert.False(await server.AcceptsAsync(access));
        Assert.False(await server.AcceptsAsync((string)second["access_token"]!));
        await (await client.RefreshAsync((string)second["refresh_token"]!)).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(other.Access));
    }

    [Fact]
    public async Task V_01_a_spent_refresh_token_ends_its_family_too()
    {
        using var client = await TestClient.RegisterAsync(server);
        var refresh = (await client.SignInAsync()).Refresh;
        var second = await (await client.RefreshAsync(refresh)).JsonAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(refresh)).StatusCode);
        Assert.False(await server.AcceptsAsync((string)second["access_token"]!));
    }

    [Fact]
    public async Task V_02_a_revoked_access_token_dies_alone()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var second = await (await client.RefreshAsync(refresh)).JsonAsync();
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
        Assert.False(await server.AcceptsAsync(access));
        Assert.True(await server.AcceptsAsync((string)second["access_token"]!));
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync((string)second["refresh_token"]!)).StatusCode);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE")]
    [InlineData("eyJhbGciOiJub25lIn0.e30.")]
    [InlineData("' OR 1=1 --")]
    public async Task V_03_answers_200_for_a_token_that_never_was(string token)
    {
        using var client = await TestClient.RegisterAsync(server);
        using var response = await client.RevokeAsync(token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task V_03_answers_200_however_often_a_token_is_revoked()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        foreach (var token in new[] { access, access, refresh, refresh, access })
            Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(token)).StatusCode);
    }

    [Fact]
    public async Task V_03_answers_200_to_all_who_revoke_at_once()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => client.RevokeAsync(i % 4 == 0 ? refresh : access)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.False(await server.AcceptsAsync(access));
    }

    [Fact]
    public async Task V_03_answers_200_for_an_expired_token()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var (access, refresh) = await client.SignInAsync();
        own.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(access)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task V_04_refuses_the_token_of_another_client_and_leaves_it_alive()
    {
        using var owner = await TestClient.RegisterAsync(server);
        using var other = await TestClient.RegisterAsync(server);
        var (access, refresh) = await owner.SignInAsync();
        await (await other.RevokeAsync(access)).AssertErrorAsync(400, "invalid_grant");
        await (await other.RevokeAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal(HttpStatusCode.OK, (await owner.RefreshAsync(refresh)).StatusCode);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("client_secret_basic")]
    [InlineData("wrong secret")]
    [InlineData("unknown client")]
    public async Task V_05_refuses_a_client_that_does_not_prove_itself(string how)
    {
        using var owner = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_post"));
        var (access, refresh) = await owner.SignInAsync();
        using var failing = how switch
        {
            "wrong secret" => new TestClient(server, owner.Id, "wrong", "client_secret_post"),
            "unknown client" => new TestClient(server, "cli_unknown", null, "none"),
            _ => new TestClient(server, owner.Id, owner.Secret, how),
        };
        foreach (var token in new[] { access, refresh, "garbage" })
        {
            using var response = await failing.RevokeAsync(token);
            await response.AssertErrorAsync(401, "invalid_client");
            Assert.Equal("Basic", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        }

        Assert.True(await server.AcceptsAsync(access));
    }

    [Fact]
    public async Task V_07_allows_POST_alone()
    {
        using var response = await server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/revoke?token=x"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("client_id={0}", "application/x-www-form-urlencoded")]
    [InlineData("client_id={0}&token=", "application/x-www-form-urlencoded")]
    [InlineData("client_id={0}&token={1}&token={1}", "application/x-www-form-urlencoded")]
    [InlineData("client_id={0}&token={1}&Token={1}", "application/x-www-form-urlencoded")]
    [InlineData("client_id={0}&client_id={0}&token={1}", "application/x-www-form-urlencoded")]
    [InlineData("{\"client_id\":\"{0}\",\"token\":\"{1}\"}", "application/json")]
    [InlineData("client_id={0}&token={1}", "text/plain")]
    public async Task V_07_refuses_a_malformed_request_and_revokes_nothing(string body, string contentType)
    {
        using var client = await TestClient.RegisterAsync(server);
        var access = (await client.SignInAsync()).Access;
        var filled = body.Replace("{0}", client.Id, StringComparison.Ordinal).Replace("{1}", access, StringComparison.Ordinal);
        var request = new HttpRequestMessage(HttpMethod.Post, "/revoke")
        {
            Content = new StringContent(filled, new MediaTypeHeaderValue(contentType)),
        };
        await (await server.SendAsync(request)).AssertErrorAsync(400, "invalid_request");
        Assert.True(await server.AcceptsAsync(access));
    }
}
