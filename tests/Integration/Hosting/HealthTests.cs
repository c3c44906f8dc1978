using System.Net;
using System.Net.Http.Json;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The probes: for whoever asks, without a token, and never from a cache.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Is_live_and_ready()
    {
        await using var server = await TestServer.StartAsync();
        await AssertAsync(server, "/health/live", HttpStatusCode.OK, """{"status":"live"}""");
        await AssertAsync(server, "/health/ready", HttpStatusCode.OK, """{"status":"ready"}""");
    }

    [Fact]
    public async Task Is_live_but_not_ready_without_its_database()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*"))
            File.Move(file, file + ".gone");
        await AssertAsync(server, "/health/live", HttpStatusCode.OK, """{"status":"live"}""");
        await AssertAsync(
            server,
            "/health/ready",
            HttpStatusCode.ServiceUnavailable,
            """{"status":"database unavailable","reason":"The database file is not there, or cannot be opened."}"""
        );
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*.gone"))
            File.Move(file, file[..^".gone".Length]);
        await AssertAsync(server, "/health/ready", HttpStatusCode.OK, """{"status":"ready"}""");
    }

    [Fact]
    public async Task M14_says_that_the_file_was_deleted_and_registers_nobody_in_it()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        using (await TestClient.RegisterAsync(server)) { }
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*"))
            File.Delete(file);
        await AssertUnavailableAsync(server, "deleted or replaced");
        using var http = server.Http();
        using var response = await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { "https://app.example/callback" } },
            TestContext.Current.CancellationToken
        );
        await response.AssertErrorAsync(503, "temporarily_unavailable");
    }

    [Fact]
    public async Task M14_says_that_the_file_is_none_any_more()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        await File.WriteAllBytesAsync(
            Path.Combine(server.DataDirectory, "oauthmcp.db"),
            new byte[8192],
            TestContext.Current.CancellationToken
        );
        await AssertUnavailableAsync(server, "cannot be read");
    }

    [Fact]
    public async Task M14_says_that_nothing_can_be_written_though_reads_go_on()
    {
        await using var server = await TestServer.StartAsync();
        using (await Outage.OfWritesAsync(server))
            await AssertUnavailableAsync(server, "cannot be written");
        await AssertAsync(server, "/health/ready", HttpStatusCode.OK, """{"status":"ready"}""");
    }

    private static async Task AssertUnavailableAsync(TestServer server, string reason)
    {
        using var http = server.Http();
        using var response = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task AssertAsync(TestServer server, string path, HttpStatusCode status, string body)
    {
        using var http = server.Http();
        using var response = await http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(
            (status, body),
            (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
        );
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }
}
