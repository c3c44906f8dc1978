using System.Diagnostics;
using System.Text.RegularExpressions;

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
        var next = Regex.Match(output, "^Added ([A-Za-z0-9_-]{43}), which signs from [0-9 :-]+Z[.]\n$").Groups[1].Value;
        Assert.Matches(
            $@"^{next}  ES256  from \S+ \S+Z\n{old}  ES256  from \S+ \S+Z  until \S+ \S+Z\n$",
            (await RunAsync(server, "list")).Output
        );

        server.Clock.Advance(TimeSpan.FromSeconds(30));
        for (var waited = Stopwatch.StartNew(); !(await KeysAsync(client)).Contains(next, StringComparison.Ordinal); )
            Assert.True(waited.Elapsed < ServerProcess.Patience, "The server never published the key.");
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        using var refreshed = await client.RefreshAsync(refresh);
        var after = (string)(await refreshed.JsonAsync())["access_token"]!;
        Assert.Equal(next, (string?)ForgedToken.Header(after)["kid"]);
        Assert.True(await server.AcceptsAsync(before));
        Assert.True(await server.AcceptsAsync(after));
    }

    private static Task<string> KeysAsync(TestClient client) =>
        client.Http.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);

    private static Task<(int ExitCode, string Output, string Error)> RunAsync(TestServer server, string verb) =>
        ServerProcess.RunAsync(["keys", verb, $"--Server:DataDirectory={server.DataDirectory}"]);
}
