using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Settings;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>What lies on the disk: who may read it, what is thrown away and when, and what happens when a part is missing.</summary>
public sealed class AtRestTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public async Task P_03_refuses_a_session_cookie_with_any_bit_flipped()
    {
        await using var server = await TestServer.StartAsync();
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        await browser.SignInAsync();
        var cookie = browser.Cookies.Single(found => found.Name.Contains("session", StringComparison.Ordinal)).Value;
        Assert.True(await IsSignedInAsync(server, cookie));
        for (var i = 0; i < cookie.Length; i += 7)
        {
            var forged = cookie.ToCharArray();
            forged[i] = forged[i] == 'A' ? 'B' : 'A';
            Assert.False(await IsSignedInAsync(server, new string(forged)), $"character {i}");
        }
    }

    [Fact]
    public async Task P_04_reads_what_an_older_encryption_key_sealed_and_fails_closed_without_it()
    {
        Requires.Sqlite();
        var port = TestServer.FreePort();
        var server = await TestServer.StartAsync(TestServer.NewDataDirectory(), port);
        var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var keys = server.App.Services.GetRequiredService<IKeyManager>();
        var old = keys.GetAllKeys().Select(key => key.KeyId).ToList();
        keys.CreateNewKey(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90));
        await server.StopAsync();

        server = await TestServer.StartAsync(server.DataDirectory, port);
        await browser.OpenAsync(browser.Location.PathAndQuery);
        await browser.SignInAsync();
        await browser.SubmitAsync("Allow");
        Assert.Contains("state=the-state", browser.Location.Query, StringComparison.Ordinal);
        await server.StopAsync();

        foreach (var key in old)
            File.Delete(Path.Combine(server.DataDirectory, "keys", $"key-{key}.xml"));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => TestServer.StartAsync(server.DataDirectory, port));
    }

    [Fact]
    public async Task P_05_keeps_every_file_to_its_owner()
    {
        Requires.Sqlite();
        if (OperatingSystem.IsWindows())
            return; // file modes are Unix's
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        await client.SignInAsync();
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(server.DataDirectory));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(server.DataDirectory, "keys")));
        await server.LookAtFilesAsync(() =>
        {
            if (!OperatingSystem.IsWindows())
                foreach (var file in Directory.EnumerateFiles(server.DataDirectory))
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task F_04_writes_ahead_and_waits_for_the_disk()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        Assert.Equal(
            "wal",
            await server.InDatabaseAsync(db =>
                db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode")
                    .SingleAsync(TestContext.Current.CancellationToken)
            )
        );
        Assert.Equal(
            2,
            await server.InDatabaseAsync(db =>
                db.Database.SqlQueryRaw<int>("SELECT synchronous AS Value FROM pragma_synchronous")
                    .SingleAsync(TestContext.Current.CancellationToken)
            )
        );
    }

    [Fact]
    public async Task P_07_seals_the_signing_key_with_a_key_of_its_own_installation()
    {
        await using var one = await TestServer.StartAsync();
        await using var other = await TestServer.StartAsync();
        var keys = await Task.WhenAll(
            new[] { one, other }.Select(server =>
                server.InDatabaseAsync(db => db.SigningKeys.SingleAsync(TestContext.Current.CancellationToken))
            )
        );
        Assert.NotEqual(keys[0].KeyId, keys[1].KeyId);
        // the header of a Data Protection payload
        Assert.All(keys, key => Assert.StartsWith("CfDJ8", key.ProtectedPrivateKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task P_09_throws_expired_rows_away_and_keeps_what_a_replay_is_recognised_by()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl());
        var (_, refresh) = await client.SignInAsync();
        var successor = (string)(await (await client.RefreshAsync(refresh)).JsonAsync())["refresh_token"]!;

        await AfterAsync(server, TimeSpan.FromDays(2));
        Assert.Equal(0, await server.InDatabaseAsync(db => db.AuthorizationRequests.CountAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(2, await client.CountRefreshTokensAsync(server));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        await (await client.RefreshAsync(successor)).AssertErrorAsync(400, "invalid_grant"); // the replay was recognised

        await AfterAsync(server, TimeSpan.FromDays(91));
        Assert.Equal(new Stored.Rows(0, 0, 0), await server.RowsAsync());
    }

    [Fact]
    public async Task P_10_one_of_32_uses_of_an_assertion_id_wins()
    {
        await using var server = await TestServer.StartAsync();
        var assertion = new ClientAssertion("the-id", server.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        var uses = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(async _ =>
                {
                    await using var scope = server.App.Services.CreateAsyncScope();
                    return await scope
                        .ServiceProvider.GetRequiredService<IUsedOnce>()
                        .TryUseAsync(UsedKind.Assertion, assertion.JwtId, assertion.ExpiresAt, TestContext.Current.CancellationToken);
                })
        );
        Assert.Single(uses, won => won);
    }

    [Fact]
    public async Task F_10_refuses_to_start_on_keys_without_their_database()
    {
        Requires.Sqlite();
        var server = await TestServer.StartAsync();
        await server.StopAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(Path.Combine(server.DataDirectory, "oauthmcp.db"));
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() =>
            TestServer.StartAsync(server.DataDirectory, TestServer.FreePort())
        );
        Assert.Contains("keys but no database", failure.Message, StringComparison.Ordinal);
        Directory.Delete(server.DataDirectory, recursive: true);
    }

    private static Task<bool> AfterAsync(TestServer server, TimeSpan time)
    {
        server.Clock.Advance(time);
        return server.InDatabaseAsync(async db =>
        {
            await new CleanUp(db, server.App.Services.GetRequiredService<OAuthSettings>()).RunAsync(
                server.Clock.GetUtcNow(),
                TestContext.Current.CancellationToken
            );
            return true;
        });
    }

    private static async Task<bool> IsSignedInAsync(TestServer server, string cookie)
    {
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"{server.CookieName("session")}={cookie}");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains(
            "Signed in as",
            StringComparison.Ordinal
        );
    }
}
