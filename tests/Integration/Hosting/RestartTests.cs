using System.Net;
using OAuthMcp.Api.Configuration;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What a server hands on to the next one on the same data directory.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Clients_tokens_and_keys_outlive_the_server()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var before = await TestClient.RegisterAsync(first, ("token_endpoint_auth_method", "client_secret_basic"));
        var (access, refresh) = await before.SignInAsync();
        var keys = await before.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        using var after = new TestClient(second, before.Id, before.Secret, "client_secret_basic");
        Assert.Equal(keys, await after.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken));
        await using (var caller = await Callers.ConnectAsync(second, access))
            Assert.NotEqual(
                true,
                (await caller.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken)).IsError
            );

        using var refreshed = await after.RefreshAsync(refresh);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        await using var again = await Callers.ConnectAsync(second, (string)(await refreshed.JsonAsync())["access_token"]!);
        Assert.NotEqual(true, (await again.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken)).IsError);
    }

    [Fact]
    public async Task A_signed_in_browser_stays_signed_in()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var before = await TestClient.RegisterAsync(first);
        using var browser = first.Browser();
        await browser.AllowAsync(before.AuthorizationUrl());
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        await browser.OpenAsync(before.AuthorizationUrl());
        Assert.Null(browser.Page?.QuerySelector("[name=password]"));
        Assert.StartsWith(
            TestClient.RedirectUri,
            (await browser.AllowAsync(before.AuthorizationUrl())).AbsoluteUri,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_question_that_was_open_can_still_be_answered()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var client = await TestClient.RegisterAsync(first);
        using var browser = await first.AskAsync(client);
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        await browser.SubmitAsync("Allow");
        Assert.StartsWith(TestClient.RedirectUri + "?code=", browser.Location.AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R_14_a_token_rotated_before_the_restart_kills_its_family_after_it()
    {
        var (data, port) = (TestServer.NewDataDirectory(), TestServer.FreePort());
        var first = await TestServer.StartAsync(data, port);
        using var before = await TestClient.RegisterAsync(first);
        var (_, old) = await before.SignInAsync();
        using var rotated = await before.RefreshAsync(old);
        var current = (string)(await rotated.JsonAsync())["refresh_token"]!;
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, port);
        second.Clock.Advance(TimeSpan.FromMinutes(1));
        using var after = new TestClient(second, before.Id, before.Secret, "none");
        await (await after.RefreshAsync(old)).AssertErrorAsync(400, "invalid_grant");
        await (await after.RefreshAsync(current)).AssertErrorAsync(400, "invalid_grant");
    }

    [Fact]
    public async Task F_09_a_second_server_on_the_same_database_is_refused_while_the_first_runs()
    {
        Requires.Sqlite();
        var data = TestServer.NewDataDirectory();
        var first = await TestServer.StartAsync(data, TestServer.FreePort());
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() => TestServer.StartAsync(data, TestServer.FreePort()));
        Assert.Equal($"ConnectionStrings:Database: another server is running on {data}/oauthmcp.db.", refusal.Message);
        await first.StopAsync();

        await using var second = await TestServer.StartAsync(data, TestServer.FreePort());
    }

    [Fact]
    public async Task L18_nor_does_one_start_on_the_same_database_that_keeps_its_keys_elsewhere()
    {
        Requires.Sqlite();
        var (data, elsewhere) = (TestServer.NewDataDirectory(), TestServer.NewDataDirectory());
        await using var first = await TestServer.StartAsync(data, TestServer.FreePort());
        var refusal = await Assert.ThrowsAsync<ConfigurationException>(() =>
            TestServer.StartAsync(elsewhere, TestServer.FreePort(), ("ConnectionStrings:Database", $"Data Source={data}/oauthmcp.db"))
        );
        Assert.Equal($"ConnectionStrings:Database: another server is running on {data}/oauthmcp.db.", refusal.Message);
    }

    [Fact]
    public async Task F_52_a_restarted_server_holds_the_lock_that_keeps_its_log_from_whoever_reads_the_file()
    {
        // Without it the end of a backup by another program takes the write-ahead log away, and what it held is lost (SQLite, "WAL-mode
        // File Format", §2).
        const string Shared = " 1073741826 1073742335";
        string[] arguments = ["--addr", $"localhost:{TestServer.FreePort()}", $"--Server:DataDirectory={TestServer.NewDataDirectory()}"];
        for (var start = 0; start < 2; start++)
        {
            await using var server = ServerProcess.Start(arguments);
            await server.SaysAsync("Application started");
            Assert.Contains(await File.ReadAllLinesAsync("/proc/locks", TestContext.Current.CancellationToken), line =>
                line.Contains($" {server.Process.Id} ", StringComparison.Ordinal) && line.EndsWith(Shared, StringComparison.Ordinal)
            );
            server.Terminate();
            await server.ExitAsync();
        }
    }
}
