using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence.Sqlite;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Revocations;

/// <summary>Revocation as clients meet it at a server that remembers what it knows of their tokens.</summary>
public sealed class RevocationFeedTests
{
    [Fact]
    public async Task B_11_a_repeated_call_asks_the_database_nothing()
    {
        Requires.Sqlite();
        var statements = new Statements();
        await using var server = await TestServer.StartAsync(services =>
            services.ConfigureDbContext<SqliteOAuthDbContext>(options => options.AddInterceptors(statements))
        );
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        var session = await server.OpenSessionAsync(access);
        Assert.NotEqual(0, statements.Count);

        var before = statements.Count;
        foreach (var tool in new[] { "who_am_i", "show_auth_token", "make_authenticated_request" })
            for (var call = 0; call < 5; call++)
            {
                using var answer = await server.PostMcpAsync(access, McpRequests.Call(tool), ("Mcp-Session-Id", session));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }

        Assert.Equal(before, statements.Count);
    }

    [Fact]
    public async Task B_11_a_verb_beside_the_server_reaches_it_within_a_second()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, others) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        Assert.True(await server.AcceptsAsync(access));
        Assert.True(await server.AcceptsAsync(others));
        Assert.Equal(0, (await UsersAsync(server, "disable")).ExitCode);
        await server.RefusesSoonAsync(access);
        Assert.Equal(0, (await UsersAsync(server, "enable")).ExitCode);
        var renewed = (await client.SignInAsync()).Access;
        Assert.True(await server.AcceptsAsync(renewed));
        Assert.False(await server.AcceptsAsync(access));
        Assert.Equal(0, (await UsersAsync(server, "delete")).ExitCode);
        await server.RefusesSoonAsync(renewed);
        Assert.True(await server.AcceptsAsync(others));
    }

    [Fact]
    public async Task B_11_a_server_that_cannot_follow_reads_rows_and_follows_again()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, others) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        Assert.True(await server.AcceptsAsync(access));
        Assert.True(await server.AcceptsAsync(others));
        await Databases.ExecuteAsync(server.DataDirectory, "ALTER TABLE \"Revocations\" RENAME TO \"RevocationsLost\"");
        await Databases.ExecuteAsync(
            server.DataDirectory,
            "UPDATE \"Grants\" SET \"RevokedAt\" = 1 WHERE \"Subject\" = (SELECT \"Id\" FROM \"AspNetUsers\" WHERE \"UserName\" = 'alice')"
        );
        await server.RefusesSoonAsync(access); // nobody told, so it read the row
        Assert.True(await server.AcceptsAsync(others));
        await server.Log.NextAsync(line => line.Contains("Revocations cannot be followed", StringComparison.Ordinal));
        await Databases.ExecuteAsync(server.DataDirectory, "ALTER TABLE \"RevocationsLost\" RENAME TO \"Revocations\"");
        await server.Log.NextAsync(line => line.Contains("Revocations are followed again", StringComparison.Ordinal));
        Assert.Single(server.Log.All, line => line.Contains("Revocations cannot be followed", StringComparison.Ordinal));
        await server.DisableUserAsync("bob");
        Assert.False(await server.AcceptsAsync(others));
    }

    [Fact]
    public async Task B_17_a_server_without_its_database_serves_what_it_knows_for_two_seconds_and_then_says_503()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));
        using (await Outage.OfEverythingAsync(server))
        {
            var away = Stopwatch.StartNew();
            using var refused = await server.AnswersSoonAsync(access, HttpStatusCode.ServiceUnavailable);
            await refused.AssertErrorAsync(503, "temporarily_unavailable");
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.InRange(away.Elapsed, TimeSpan.FromSeconds(1), ServerProcess.Soon);
            await server.Log.NextAsync(line => line.Contains("Revocations cannot be followed", StringComparison.Ordinal));
        }

        (await server.AnswersSoonAsync(access, HttpStatusCode.OK)).Dispose();
        await server.Log.NextAsync(line => line.Contains("Revocations are followed again", StringComparison.Ordinal));
        Assert.Single(server.Log.All, line => line.Contains("Revocations cannot be followed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task B_24_ends_a_stream_within_a_second_of_hearing_that_its_token_is_revoked()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (revoked, other) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        using var stream = await EventStream.OpenAsync(server, revoked, await server.OpenSessionAsync(revoked));
        using var unaffected = await EventStream.OpenAsync(server, other, await server.OpenSessionAsync(other));
        var revocations = server.App.Services.GetRequiredService<IRevocations>();
        var before = revocations.Seen;
        Assert.Equal(HttpStatusCode.OK, (await client.RevokeAsync(revoked)).StatusCode);
        for (var waited = Stopwatch.StartNew(); revocations.Seen == before; await Task.Yield())
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await stream.RestAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(":", await unaffected.NextLineAsync());
    }

    private static Task<(int ExitCode, string Output, string Error)> UsersAsync(TestServer server, string verb) =>
        ServerProcess.RunAsync(["users", verb, "alice", $"--Server:DataDirectory={server.DataDirectory}"]);
}
