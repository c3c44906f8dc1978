using System.Collections.Concurrent;
using System.Net;
using Microsoft.Data.Sqlite;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>What SQLite says of itself when much goes on at once, and nobody should hear.</summary>
public sealed class SqliteFaultTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task F_08_64_who_do_different_things_at_once_meet_no_failure()
    {
        const int SignedIn = 8;
        var clients = new List<(TestClient Client, string Refresh)>();
        for (var index = 0; index < SignedIn; index++)
        {
            var client = await TestClient.RegisterAsync(server);
            clients.Add((client, (await client.SignInAsync(index % 2 == 0 ? "alice" : "bob")).Refresh));
        }

        var statuses = new ConcurrentBag<HttpStatusCode>();
        await Task.WhenAll(
            Enumerable
                .Range(0, 64)
                .Select(lane =>
                    lane < SignedIn ? RefreshAsync(lane)
                    : lane % 2 == 0 ? RegisterAsync()
                    : LookAsync()
                )
        );
        Assert.All(statuses, status => Assert.InRange((int)status, 200, 399));
        clients.ForEach(client => client.Client.Dispose());

        async Task RefreshAsync(int lane)
        {
            var (client, refresh) = clients[lane];
            for (var step = 0; step < 20; step++)
            {
                using var answer = await client.RefreshAsync(refresh);
                statuses.Add(answer.StatusCode);
                var tokens = await answer.JsonAsync();
                refresh = (string)tokens["refresh_token"]!;
                using var revoked = await client.RevokeAsync((string)tokens["access_token"]!);
                statuses.Add(revoked.StatusCode);
            }
        }

        async Task RegisterAsync()
        {
            for (var step = 0; step < 5; step++)
            {
                using var client = await TestClient.RegisterAsync(server);
                using var asked = await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
                statuses.Add(asked.StatusCode);
            }
        }

        async Task LookAsync()
        {
            using var http = server.Http();
            for (var step = 0; step < 10; step++)
            {
                using var page = await http.GetAsync(step % 2 == 0 ? "/health/ready" : "/signin", TestContext.Current.CancellationToken);
                statuses.Add(page.StatusCode);
            }
        }
    }

    [Fact]
    public async Task F_11_a_reader_that_stays_stops_nobody_and_the_log_is_small_again_when_it_has_left()
    {
        Requires.Sqlite();
        var log = new FileInfo(Databases.FileIn(server.DataDirectory) + "-wal");
        await using (var connection = new SqliteConnection($"Data Source={Databases.FileIn(server.DataDirectory)};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var reading = connection.BeginTransaction(deferred: true);
            await using var look = connection.CreateCommand();
            (look.Transaction, look.CommandText) = (reading, "SELECT COUNT(*) FROM \"Clients\"");
            await look.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            await RegisterAsync(300);
            log.Refresh();
            Assert.InRange(log.Length, 2_000_000, long.MaxValue);
        }

        await server.InAsync(
            async (CleanUp cleanUp) =>
            {
                await cleanUp.RunAsync(server.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
                return true;
            }
        );
        log.Refresh();
        Assert.InRange(log.Length, 0, 100_000);
        await RegisterAsync(10);
    }

    private async Task RegisterAsync(int count)
    {
        for (var index = 0; index < count; index++)
            (await TestClient.RegisterAsync(server, ("client_name", new string('n', 100)))).Dispose();
    }
}
