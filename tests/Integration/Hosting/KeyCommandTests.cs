using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The verbs that manage signing keys, beside a running server.</summary>
public sealed class KeyCommandTests
{
    [Fact]
    public async Task W_06_a_running_server_takes_up_the_key_that_an_operator_added()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (before, refresh) = await client.SignInAsync();
        var old = (string)ForgedToken.Header(before)["kid"]!;
        Assert.Matches($@"^{old}  ES256  from \S+ \S+Z\n$", (await RunAsync(server, "list")).Output);

        var (exitCode, output, error) = await RunAsync(server, "rotate");
        Assert.Equal((0, ""), (exitCode, error));
        var next = Regex.Match(output, "^Added ([A-Za-z0-9_-]{43}) [(]ES256[)], which signs from [0-9 :-]+Z[.]\n$").Groups[1].Value;
        Assert.Matches(
            $@"^{next}  ES256  from \S+ \S+Z\n{old}  ES256  from \S+ \S+Z  until \S+ \S+Z\n$",
            (await RunAsync(server, "list")).Output
        );

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var waited = Stopwatch.StartNew(); !(await KeysAsync(client)).Contains(next, StringComparison.Ordinal); )
            Assert.True(waited.Elapsed < ServerProcess.Patience, "The server never published the key.");
        // The verb's clock is the machine's, which may have run on while the processes started.
        var from = DateTimeOffset.Parse(Regex.Match(output, "from (.*)[.]").Groups[1].Value, CultureInfo.InvariantCulture);
        server.Clock.Advance(from + TimeSpan.FromMinutes(1) - server.Clock.GetUtcNow());
        using var refreshed = await client.RefreshAsync(refresh);
        var after = (string)(await refreshed.JsonAsync())["access_token"]!;
        Assert.Equal(next, (string?)ForgedToken.Header(after)["kid"]);
        Assert.True(await server.AcceptsAsync(before));
        Assert.True(await server.AcceptsAsync(after));
    }

    [Theory]
    [InlineData("users list")]
    [InlineData("clients list")]
    [InlineData("keys list")]
    [InlineData("migrate")]
    public async Task H3_a_verb_in_a_shell_with_another_algorithm_changes_no_key(string verb)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (before, refresh) = await client.SignInAsync();
        var keys = await KeysAsync(client);
        var (exitCode, _, error) = await ServerProcess.RunAsync(
            [.. verb.Split(' '), $"--Server:DataDirectory={server.DataDirectory}"],
            environment: ("OAuth__SigningAlgorithm", "RS256")
        );
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal(1, await server.InDatabaseAsync(db => db.SigningKeys.CountAsync(TestContext.Current.CancellationToken)));

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        server.Clock.Advance(TimeSpan.FromHours(2));
        using var refreshed = await client.RefreshAsync(refresh);
        var after = (string)(await refreshed.JsonAsync())["access_token"]!;
        Assert.Equal(ForgedToken.Header(before)["kid"]!.ToString(), ForgedToken.Header(after)["kid"]!.ToString());
        Assert.True(await server.AcceptsAsync(after));
        Assert.Equal(keys, await KeysAsync(client));
    }

    [Fact]
    public async Task L5_a_revoked_key_opens_nothing_more_and_another_one_signs()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await TestClient.RegisterAsync(server);
        var (stolen, refresh) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(stolen)); // so that it is remembered as verified
        var key = (string)ForgedToken.Header(stolen)["kid"]!;
        var (exitCode, output, error) = await RunAsync(server, "revoke", key);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches($"^Revoked {key}[.] [A-Za-z0-9_-]{{43}} [(]ES256[)] signs in its place[.]\n$", output);
        Assert.Matches($@"\n{key}  ES256  from \S+ \S+Z  revoked\n$", (await RunAsync(server, "list")).Output);

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var waited = Stopwatch.StartNew(); (await KeysAsync(client)).Contains(key, StringComparison.Ordinal); )
            Assert.True(waited.Elapsed < ServerProcess.Patience, "The server never let go of the key.");
        Assert.False(await server.AcceptsAsync(stolen));
        using var refreshed = await client.RefreshAsync(refresh);
        var fresh = (string)(await refreshed.JsonAsync())["access_token"]!;
        Assert.NotEqual(key, (string?)ForgedToken.Header(fresh)["kid"]);
        Assert.True(await server.AcceptsAsync(fresh));

        Assert.Equal((1, "", "There is no key of that id in use.\n"), await RunAsync(server, "revoke", key));
    }

    private static Task<string> KeysAsync(TestClient client) =>
        client.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TestServer server, params string[] verb) =>
        ServerProcess.RunAsync(["keys", .. verb, $"--Server:DataDirectory={server.DataDirectory}"]);
}
