using System.Net;
using System.Net.Http.Headers;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>The bearer check in front of /mcp: how a token is presented, and when a good one stops being good.</summary>
public sealed class BearerTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private readonly TestServer server = shared.Server;

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic YTpi")]
    [InlineData("DPoP abc")]
    [InlineData("Bearerabc")]
    public async Task B_01_B_02_challenges_a_request_without_token(string? authorization)
    {
        var request = McpRequests.Request(null);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        await AssertChallengedAsync(await server.SendAsync(request));
    }

    [Theory]
    [InlineData("bEaReR")]
    [InlineData("BEARER")]
    public async Task B_02_reads_the_scheme_in_any_case(string scheme)
    {
        var request = McpRequests.Request(null);
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, await TokenAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task B_04_ignores_a_token_in_the_query()
    {
        var request = McpRequests.Request(null);
        request.RequestUri = new Uri($"/mcp?access_token={await TokenAsync()}", UriKind.Relative);
        await AssertChallengedAsync(await server.SendAsync(request));
    }

    [Fact]
    public async Task Names_the_error_in_the_challenge_of_a_bad_token()
    {
        using var response = await server.PostMcpAsync("not-a-token");
        await response.AssertErrorAsync(401, "invalid_token");
        Assert.Equal(
            $"Bearer error=\"invalid_token\", error_description=\"This is no access token of the authorization server that this server names in its metadata.\", resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\", scope=\"mcp.read mcp.write\"",
            response.Headers.GetValues("WWW-Authenticate").Single()
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task B_05_refuses_an_expired_token_in_the_second_it_expires(bool wasUsedBefore)
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var token = (await client.SignInAsync()).Access;
        var expiry = DateTimeOffset.FromUnixTimeSeconds((long)ForgedToken.Claims(token)["exp"]!);
        Assert.Equal(3600, (expiry - own.Clock.GetUtcNow()).TotalSeconds, 1.0);

        own.Clock.SetUtcNow(expiry.AddSeconds(-1));
        if (wasUsedBefore)
            Assert.True(await own.AcceptsAsync(token));
        own.Clock.SetUtcNow(expiry);
        using var response = await own.PostMcpAsync(token);
        await response.AssertErrorAsync(401, "invalid_token");
        Assert.Contains(
            $"error=\"invalid_token\", error_description=\"The access token expired at {expiry:yyyy-MM-dd'T'HH:mm:ss'Z'}.\"",
            response.Headers.GetValues("WWW-Authenticate").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task B_11_refuses_the_tokens_of_a_disabled_user_and_no_others()
    {
        await using var own = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(own);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        Assert.True(await own.AcceptsAsync(bob));
        await own.DisableUserAsync("bob");
        Assert.False(await own.AcceptsAsync(bob));
        Assert.True(await own.AcceptsAsync(alice));
    }

    [Fact]
    public async Task B_11_refuses_the_tokens_of_a_disabled_client_and_no_others()
    {
        using var disabled = await TestClient.RegisterAsync(server);
        var (theirs, others) = ((await disabled.SignInAsync()).Access, await TokenAsync());
        Assert.True(await server.AcceptsAsync(theirs));
        await server.DisableClientAsync(disabled.Id);
        Assert.False(await server.AcceptsAsync(theirs));
        Assert.True(await server.AcceptsAsync(others));
    }

    [Fact]
    public async Task B_11_refuses_the_tokens_of_a_withdrawn_grant()
    {
        using var client = await TestClient.RegisterAsync(server);
        var token = (await client.SignInAsync()).Access;
        Assert.True(await server.AcceptsAsync(token));
        await server.WithdrawGrantsAsync(client.Id);
        Assert.False(await server.AcceptsAsync(token));
    }

    private async Task<string> TokenAsync()
    {
        using var client = await TestClient.RegisterAsync(server);
        return (await client.SignInAsync()).Access;
    }

    private async Task AssertChallengedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            $"Bearer resource_metadata=\"{server.Issuer}/.well-known/oauth-protected-resource/mcp\", scope=\"mcp.read mcp.write\"",
            response.Headers.GetValues("WWW-Authenticate").Single()
        );
    }
}
