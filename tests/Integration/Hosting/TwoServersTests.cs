using System.Net;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Two servers on one PostgreSQL: what one sealed, signed or counted holds at the other, whose disk knows nothing of it.</summary>
public sealed class TwoServersTests : IAsyncDisposable
{
    private readonly PostgresServer postgres;
    private readonly List<TestServer> servers = [];
    private string? database;
    private string? publicUrl;

    public TwoServersTests(PostgresServer postgres)
    {
        Requires.Postgres();
        this.postgres = postgres;
    }

    [Fact]
    public async Task F_47_a_session_of_one_allows_at_the_other()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        using var browser = BrowserSteps.At(first.Address, second.Address);
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.OpenAsync(new Uri(second.Address, "/account").AbsoluteUri);
        Assert.Equal(second.Address.Port, browser.Location.Port);
        Assert.Contains("alice", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F_28_a_key_that_one_has_just_made_verifies_at_the_other()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        using var client = await TestClient.RegisterAsync(first);
        var (before, refresh) = await client.SignInAsync();
        Assert.True(await second.AcceptsAsync(before));
        var keys = await RunAsync("keys", "list");
        Assert.StartsWith("Revoked ", await RunAsync("keys", "revoke", keys.Split(' ')[0]), StringComparison.Ordinal);
        await first.StopAsync();
        servers.Remove(first);
        var restarted = await StartAsync();
        second.Clock.Advance(restarted.Clock.GetUtcNow() - second.Clock.GetUtcNow());
        using var after = new TestClient(restarted, client.Id, null, "none");
        using var refreshed = await after.RefreshAsync(refresh);
        Assert.True(await second.AcceptsAsync((string)(await refreshed.JsonAsync())["access_token"]!));
        Assert.False(await second.AcceptsAsync(before));
    }

    [Fact]
    public async Task L6_wrong_passwords_count_at_both_also_for_names_without_account()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        foreach (var name in new[] { "alice", "nobody" })
        {
            foreach (var server in new[] { first, second })
            {
                using var guesser = server.Browser();
                await guesser.OpenAsync("/signin");
                for (var attempt = 0; attempt < 5; attempt++)
                    await guesser.SignInAsync(name, "a wrong one");
                await guesser.Response.AssertPageAsync(400);
            }

            using var browser = second.Browser();
            await browser.OpenAsync("/signin");
            await browser.SignInAsync(name, "a wrong one");
            await browser.Response.AssertPageAsync(429);
        }
    }

    [Fact]
    public async Task A_peer_guesses_at_both_no_more_often_than_at_one()
    {
        (string, string)[] limits = [("Limits:SignInPerMinute", "12"), ("Limits:FailedClientsPerMinute", "4")];
        var (first, second) = (await StartAsync(limits), await StartAsync(limits));
        foreach (var (server, names) in new[] { (first, 6), (second, 6) })
        {
            using var guesser = server.Browser();
            await guesser.OpenAsync("/signin");
            for (var name = 0; name < names; name++)
                await guesser.SignInAsync($"{server.Address.Port} {name}", "a wrong one");
            await guesser.Response.AssertPageAsync(400);
        }

        using var browser = second.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        await browser.Response.AssertPageAsync(429);

        using var client = await TestClient.RegisterAsync(first, ("token_endpoint_auth_method", "client_secret_basic"));
        foreach (var (server, expected) in new[] { (first, 401), (first, 401), (first, 401), (second, 401), (second, 429) })
        {
            using var guess = new TestClient(server, client.Id, "wrong", "client_secret_basic");
            using var answer = await guess.RefreshAsync("rt_x");
            Assert.Equal((HttpStatusCode)expected, answer.StatusCode);
        }
    }

    [Fact]
    public async Task L17_keys_in_the_database_are_sealed_from_outside_of_it()
    {
        database = await postgres.NewDatabaseAsync();
        var (exitCode, _, error) = await ServerProcess.RunAsync(["migrate", "--database", database]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Protection:CertificateFile or Protection:KeyFile is missing", error, StringComparison.Ordinal);

        await StartAsync();
        Assert.Equal(1L, await PostgresServer.ReadAsync(database, "SELECT COUNT(*) FROM oauthmcp.\"KeyRing\""));
        Assert.Equal(
            0L,
            await PostgresServer.ReadAsync(database, "SELECT COUNT(*) FROM oauthmcp.\"KeyRing\" WHERE \"Xml\" LIKE '%masterKey%'")
        );
        Assert.False(Directory.Exists(servers[0].DataDirectory));
        using var folder = new TemporaryFolder();
        var other = Path.Combine(folder.Path, "other.pem");
        using (var key = System.Security.Cryptography.RSA.Create(2048))
            await File.WriteAllTextAsync(other, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var sealedOtherwise = await Assert.ThrowsAsync<ConfigurationException>(() =>
            TestServer.StartAsync(("ConnectionStrings:Database", database), ("Protection:KeyFile", other))
        );
        Assert.Equal(
            "ConnectionStrings:Database: its keys are sealed by another certificate or key than those of Protection.",
            sealedOtherwise.Message
        );
        Assert.Equal(1L, await PostgresServer.ReadAsync(database, "SELECT COUNT(*) FROM oauthmcp.\"KeyRing\""));
    }

    [Fact]
    public async Task F_47_a_session_of_an_older_revision_goes_on_at_the_other_until_its_client_ends_it()
    {
        var (first, second) = (await StartAsync(), await StartAsync());
        using var client = await TestClient.RegisterAsync(first);
        var (alice, bob) = ((await client.SignInAsync()).Access, (await client.SignInAsync("bob")).Access);
        var session = await first.OpenSessionAsync(alice);
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(second, bob, session));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(second, alice, session));
        using (await EventStream.OpenAsync(second, alice, session)) { }

        var other = await first.OpenSessionAsync(alice);
        using var end = McpRequests.Request(alice, null, ("Mcp-Session-Id", other));
        (end.Method, end.Content) = (HttpMethod.Delete, null);
        using (await first.SendAsync(end)) { }
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(second, alice, other));
    }

    private static async Task<HttpStatusCode> CallAsync(TestServer server, string token, string session)
    {
        using var response = await server.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    /// <summary>At one public URL, that of the first.</summary>
    private async Task<TestServer> StartAsync(params (string Key, string Value)[] configuration)
    {
        database ??= await postgres.NewDatabaseAsync();
        var server = await TestServer.StartAsync([
            ("ConnectionStrings:Database", database),
            .. publicUrl is null ? [] : new[] { ("OAuth:PublicUrl", publicUrl) },
            .. configuration,
        ]);
        publicUrl ??= server.Issuer;
        servers.Add(server);
        return server;
    }

    private async Task<string> RunAsync(params string[] verb)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync([
            .. verb,
            "--database",
            database!,
            $"--Protection:KeyFile={PostgresServer.KeyFile}",
        ]);
        Assert.Equal((0, ""), (exitCode, error.Contains("Database:", StringComparison.Ordinal) ? "" : error));
        return output;
    }
}
