using System.Net;

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
        await using var server = await TestServer.StartAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*"))
            File.Move(file, file + ".gone");
        await AssertAsync(server, "/health/live", HttpStatusCode.OK, """{"status":"live"}""");
        await AssertAsync(server, "/health/ready", HttpStatusCode.ServiceUnavailable, """{"status":"database unavailable"}""");
        foreach (var file in Directory.GetFiles(server.DataDirectory, "oauthmcp.db*.gone"))
            File.Move(file, file[..^".gone".Length]);
        await AssertAsync(server, "/health/ready", HttpStatusCode.OK, """{"status":"ready"}""");
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
