using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Endpoints;

/// <summary>D-15: how many clients may register, how fast, and for how long they stay without use.</summary>
public sealed class RegistrationLimitsTests
{
    private static readonly TimeSpan ADay = TimeSpan.FromHours(24);

    [Fact]
    public async Task D_15_refuses_more_registrations_a_minute_than_are_allowed()
    {
        await using var server = await TestServer.StartAsync(("OAuth:Registration:PerMinute", "3"));
        using var client = await TestClient.RegisterAsync(server);
        Assert.Equal(HttpStatusCode.BadRequest, (await TryAsync(server, "not a uri")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await TryAsync(server)).StatusCode);
        using var refused = await TryAsync(server);
        await AssertTooManyAsync(refused, TimeSpan.FromMinutes(1));
        Assert.Equal(2, await CountAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(await client.CodeAsync())).StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task L10_refuses_more_looks_at_registrations_a_minute_than_are_allowed(string method)
    {
        await using var server = await TestServer.StartAsync(("OAuth:Registration:PerMinute", "2"));
        using var client = await TestClient.RegisterAsync(server);
        async Task<HttpResponseMessage> TryTokenAsync() =>
            await server.SendAsync(
                new HttpRequestMessage(new HttpMethod(method), $"/register/{client.Id}")
                {
                    Headers = { Authorization = new("Bearer", "guess") },
                    Content = method == "PUT" ? JsonContent.Create(new { client_id = client.Id }) : null,
                }
            );
        for (var attempt = 0; attempt < 2; attempt++)
            await (await TryTokenAsync()).AssertErrorAsync(401, "invalid_token");
        await AssertTooManyAsync(await TryTokenAsync(), TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Created, (await TryAsync(server)).StatusCode); // counted apart
    }

    [Fact]
    public async Task M3_takes_the_oldest_unused_client_out_for_a_new_one_and_refuses_it_where_all_are_used()
    {
        await using var server = await TestServer.StartAsync(("OAuth:Registration:MaxClients", "2"));
        using var client = await TestClient.RegisterAsync(server);
        await client.SignInAsync();
        using var unused = await TestClient.RegisterAsync(server);
        using var second = await TestClient.RegisterAsync(server);
        await (await unused.RefreshAsync("x")).AssertErrorAsync(401, "invalid_client");
        await second.SignInAsync();

        using var refused = await TryAsync(server);
        await AssertTooManyAsync(refused, TimeSpan.FromDays(1));
        Assert.Equal(2, await CountAsync(server));
        Assert.Equal(HttpStatusCode.OK, (await client.ExchangeAsync(await client.CodeAsync())).StatusCode);
    }

    [Fact]
    public async Task M3_a_peer_that_registers_without_end_takes_out_its_own()
    {
        await using var server = await TestServer.StartAsync(("Limits:UnusedClientsPerPeer", "3"));
        using var used = await TestClient.RegisterAsync(server);
        await used.SignInAsync();
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.Created, (await TryAsync(server)).StatusCode);
        Assert.Equal(4, await CountAsync(server));
        await used.SignInAsync();
    }

    [Fact]
    public async Task D_15_makes_room_by_taking_out_what_nobody_used()
    {
        await using var server = await TestServer.StartAsync(("OAuth:Registration:MaxClients", "2"));
        using var unused = await TestClient.RegisterAsync(server);
        using var used = await TestClient.RegisterAsync(server);
        await used.SignInAsync();
        server.Clock.Advance(ADay + TimeSpan.FromMinutes(1));
        await EventuallyAsync(server, async () => await CountAsync(server) == 1);
        Assert.Equal(HttpStatusCode.Created, (await TryAsync(server)).StatusCode);
        await (await unused.RefreshAsync("x")).AssertErrorAsync(401, "invalid_client");
    }

    [Fact]
    public async Task D_15_keeps_every_client_that_somebody_allowed_something()
    {
        await using var server = await TestServer.StartAsync(("OAuth:Registration:PerMinute", "0"));
        using var unused = await TestClient.RegisterAsync(server);
        using var used = await TestClient.RegisterAsync(server);
        using var disabled = await TestClient.RegisterAsync(server);
        var (_, refresh) = await used.SignInAsync();
        await server.DisableClientAsync(disabled.Id);

        for (var day = 0; day < 3; day++)
        {
            using var more = await TestClient.RegisterAsync(server);
            server.Clock.Advance(ADay + TimeSpan.FromMinutes(1));
            await EventuallyAsync(server, async () => !await ExistsAsync(server, more.Id));
        }

        Assert.False(await ExistsAsync(server, unused.Id));
        Assert.True(await ExistsAsync(server, disabled.Id)); // else what an operator shut out could come again
        Assert.Equal(HttpStatusCode.OK, (await used.RefreshAsync(refresh)).StatusCode);
    }

    [Fact]
    public async Task D_15_keeps_an_unused_client_for_a_day()
    {
        await using var server = await TestServer.StartAsync();
        using var older = await TestClient.RegisterAsync(server);
        server.Clock.Advance(TimeSpan.FromHours(2));
        using var younger = await TestClient.RegisterAsync(server);
        server.Clock.Advance(ADay - TimeSpan.FromHours(1));
        await EventuallyAsync(server, async () => !await ExistsAsync(server, older.Id));
        Assert.True(await ExistsAsync(server, younger.Id));
        Assert.Equal(HttpStatusCode.OK, (await younger.ExchangeAsync(await younger.CodeAsync())).StatusCode);
    }

    [Fact]
    public async Task D_15_keeps_a_client_whose_user_is_about_to_decide()
    {
        await using var server = await TestServer.StartAsync();
        using var unused = await TestClient.RegisterAsync(server);
        using var waiting = await TestClient.RegisterAsync(server);
        server.Clock.Advance(ADay - TimeSpan.FromMinutes(1));
        using var browser = server.Browser();
        await browser.OpenAsync(waiting.AuthorizationUrl());
        await using (var scope = server.App.Services.CreateAsyncScope())
            await scope
                .ServiceProvider.GetRequiredService<CleanUp>()
                .RunAsync(server.Clock.GetUtcNow() + TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        Assert.False(await ExistsAsync(server, unused.Id));
        Assert.True(await ExistsAsync(server, waiting.Id));
        await browser.SignInAsync();
        await browser.SubmitAsync("Allow");
        Assert.Null(browser.Page);
    }

    // The server cleans up in its own time after the clock moved: asked until it has, and at most for a minute. A clock that moves while
    // the server is at something else passes its timer by, so it goes on meanwhile.
    private static async Task EventuallyAsync(TestServer server, Func<Task<bool>> isSo)
    {
        var (waited, moved) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (!await isSo())
        {
            Assert.True(waited.Elapsed < ServerProcess.Patience, "It never came to that.");
            if (moved.Elapsed < TimeSpan.FromSeconds(1))
                continue;
            server.Clock.Advance(TimeSpan.FromSeconds(30));
            moved.Restart();
        }
    }

    private static async Task AssertTooManyAsync(HttpResponseMessage response, TimeSpan atMost)
    {
        await response.AssertErrorAsync(429, "too_many_requests");
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), atMost);
    }

    private static async Task<HttpResponseMessage> TryAsync(TestServer server, string redirectUri = TestClient.RedirectUri)
    {
        using var http = server.Http();
        return await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { redirectUri } },
            TestContext.Current.CancellationToken
        );
    }

    private static Task<int> CountAsync(TestServer server) =>
        server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken));

    private static Task<bool> ExistsAsync(TestServer server, string id) =>
        server.InDatabaseAsync(db => db.Clients.AnyAsync(client => client.Id == id, TestContext.Current.CancellationToken));
}
