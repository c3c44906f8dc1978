using MediatR;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Keys;
using OAuthMcp.Infrastructure.Keys;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>W-06 and B-15: a signing key is published, then signs, then verifies until its last token has expired.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        client = await TestClient.RegisterAsync(server);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task W_06_publishes_the_next_key_before_it_signs()
    {
        var (_, refresh) = await client.SignInAsync();
        var old = Assert.Single(await PublishedAsync());
        var next = await RotateAsync();
        await PublishedAsync(old, next);

        (var token, refresh) = await RefreshAsync(refresh);
        Assert.Equal(old, KeyOf(token));
        server.Clock.Advance(TimeSpan.FromMinutes(9));
        (token, refresh) = await RefreshAsync(refresh);
        Assert.Equal(old, KeyOf(token));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (token, _) = await RefreshAsync(refresh);
        Assert.Equal(next, KeyOf(token));
        Assert.True(await server.AcceptsAsync(token));
    }

    [Fact]
    public async Task W_06_announces_a_key_for_longer_than_anybody_caches_the_set()
    {
        using var response = await client.Http.GetAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        Assert.True(response.Headers.CacheControl!.MaxAge < TimeSpan.FromMinutes(9), "A cached set would lack the key that signs.");
    }

    [Fact]
    public async Task W_06_the_last_token_of_a_key_is_good_until_its_end()
    {
        var (_, refresh) = await client.SignInAsync();
        var old = Assert.Single(await PublishedAsync());
        var next = await RotateAsync();
        await PublishedAsync(old, next);
        server.Clock.Advance(TimeSpan.FromMinutes(9) + TimeSpan.FromSeconds(25));
        var (last, _) = await RefreshAsync(refresh);
        Assert.Equal(old, KeyOf(last));

        server.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await server.AcceptsAsync(last));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await server.AcceptsAsync(last));
    }

    [Fact]
    public async Task B_15_a_retired_key_verifies_as_long_as_its_tokens_can_live_and_no_longer()
    {
        var (good, _) = await client.SignInAsync();
        var key = ForgedToken.Key(server);
        var old = Assert.Single(await PublishedAsync());
        var next = await RotateAsync();
        await PublishedAsync(old, next);

        // Tokens that would outlive the key, if the key let them.
        string Token(string id) =>
            ForgedToken.Sign(
                key,
                ForgedToken.Changed(
                    ForgedToken.Claims(good),
                    ("jti", id),
                    ("exp", server.Clock.GetUtcNow().AddDays(1).ToUnixTimeSeconds())
                ),
                "at+jwt"
            );
        server.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromHours(1));
        Assert.True(await server.AcceptsAsync(Token("at_within")));
        Assert.Equal(new[] { next, old }.Order(), (await PublishedAsync()).Order());
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await server.AcceptsAsync(Token("at_after")));
        Assert.Equal(next, Assert.Single(await PublishedAsync()));
    }

    [Fact]
    public async Task W_06_keeps_a_key_apart_from_every_other_through_several_rotations()
    {
        var keys = (await PublishedAsync()).ToList();
        var (_, refresh) = await client.SignInAsync();
        List<string> tokens = [];
        for (var i = 0; i < 3; i++)
        {
            keys.Add(await RotateAsync());
            await PublishedAsync([.. keys]);
            server.Clock.Advance(TimeSpan.FromMinutes(10));
            (var token, refresh) = await RefreshAsync(refresh);
            Assert.Equal(keys[^1], KeyOf(token));
            tokens.Add(token);
        }

        Assert.Equal(4, keys.Distinct().Count());
        foreach (var token in tokens)
            Assert.True(await server.AcceptsAsync(token));
    }

    [Fact]
    public async Task W_06_a_new_server_signs_with_the_key_whose_time_has_come()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        await using (var scope = first.App.Services.CreateAsyncScope())
            await scope
                .ServiceProvider.GetRequiredService<IMediator>()
                .Send(new RotateKeysCommand(), TestContext.Current.CancellationToken);
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        using var app = await TestClient.RegisterAsync(second);
        var (before, _) = await app.SignInAsync();
        second.Clock.Advance(TimeSpan.FromMinutes(11));
        var (after, _) = await app.SignInAsync();
        Assert.NotEqual(KeyOf(before), KeyOf(after));
        Assert.True(await second.AcceptsAsync(before));
    }

    private static string KeyOf(string token) => (string)ForgedToken.Header(token)["kid"]!;

    private async Task<string> RotateAsync()
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        var rotated = await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new RotateKeysCommand(), TestContext.Current.CancellationToken);
        Assert.True(rotated.Try(out var next, out _));
        return next.KeyId;
    }

    private async Task<IReadOnlyList<string>> PublishedAsync()
    {
        using var response = await client.Http.GetAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        return [.. (await response.JsonAsync())["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];
    }

    // As after the look that the server takes each half minute. It is taken here, since a clock that moves while the server is at
    // something else passes its timer by.
    private async Task PublishedAsync(params string[] expected)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await server.App.Services.GetRequiredService<SigningKeyReader>().ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(expected.Order(), (await PublishedAsync()).Order());
    }

    private async Task<(string Access, string Refresh)> RefreshAsync(string refreshToken)
    {
        using var response = await client.RefreshAsync(refreshToken);
        var tokens = await response.JsonAsync();
        return ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
    }
}
