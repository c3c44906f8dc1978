using System.Text;
using System.Text.Json.Nodes;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flows;

/// <summary>Whole flows, good and bad, and then a search for every secret that took part: in the log and on the disk.</summary>
public sealed class SecretsTests
{
    private const string State = "canaryState-5f2c9e1b7a";
    private const string WrongPassword = "canaryWrong-81d0c4e6f3";
    private static readonly Encoding Octets = Encoding.Latin1;

    [Fact]
    public async Task L_01_no_secret_is_logged_at_the_most_talkative_level()
    {
        var server = await TestServer.StartAsync(("Serilog:MinimumLevel:Default", "Verbose"));
        var (secrets, clientId) = await RunAsync(server);

        // What is searched is the log of these flows: it names the client, the use cases and the refusals.
        var log = string.Join('\n', server.Log.All);
        foreach (
            var known in new[]
            {
                clientId,
                "\"ExchangeCodeCommand\" served",
                "refresh_reuse",
                "code_verifier does not match",
                "/mcp",
                "temporarily_unavailable",
            }
        )
            Assert.Contains(known, log, StringComparison.Ordinal);
        AssertNotLogged(server, secrets);

        // Nor in the audit trail, which holds what was refused and what was issued.
        await server.StopAsync();
        await using var next = await TestServer.StartAsync(server.DataDirectory, TestServer.FreePort());
        var trail = string.Join('\n', (await next.AuditAsync()).Select(happened => happened.ToString()));
        foreach (var known in new[] { clientId, "token_reuse", "tool_call", "revocation", "code_verifier does not match" })
            Assert.Contains(known, trail, StringComparison.Ordinal);
        foreach (var (name, secret) in secrets)
            Assert.False(trail.Contains(secret[..12], StringComparison.OrdinalIgnoreCase), $"{name} is in the trail.");
    }

    [Fact]
    public async Task P_01_no_secret_is_on_the_disk()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        var (secrets, clientId) = await RunAsync(server);
        await server.LookAtFilesAsync(() => AssertNotOnDiskAsync(server, secrets, clientId));
    }

    internal static void AssertNotLogged(TestServer server, Dictionary<string, string> secrets)
    {
        string[] lines = [.. server.Log.All, .. server.Log.Audit.Select(LogLines.Render)];
        var log = string.Join('\n', lines);
        foreach (var (name, secret) in secrets)
        foreach (var needle in new[] { secret, secret[..12], Uri.EscapeDataString(secret) })
            Assert.False(
                log.Contains(needle, StringComparison.OrdinalIgnoreCase),
                $"{name} is in: {lines.FirstOrDefault(line => line.Contains(needle, StringComparison.OrdinalIgnoreCase))}"
            );
    }

    /// <param name="known">What the flows wrote to the database, so that the search is in the right place.</param>
    internal static async Task AssertNotOnDiskAsync(TestServer server, Dictionary<string, string> secrets, string known)
    {
        var files = new Dictionary<string, string>();
        foreach (
            var path in Directory
                .EnumerateFiles(server.DataDirectory, "*", SearchOption.AllDirectories)
                .Where(path => Path.GetExtension(path) is not (".server" or ".migration")) // locks, which are empty
        )
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            await file.CopyToAsync(copy, TestContext.Current.CancellationToken);
            files[Path.GetRelativePath(server.DataDirectory, path)] = Octets.GetString(copy.ToArray());
        }

        // What is searched is what the flows wrote: the rows are there, in the write-ahead log until it is folded in.
        Assert.Contains(files, file =>
            file.Key.StartsWith("oauthmcp.db", StringComparison.Ordinal) && file.Value.Contains(known, StringComparison.Ordinal)
        );
        Assert.Contains(files, file => file.Key.StartsWith("keys", StringComparison.Ordinal));
        foreach (var (name, secret) in secrets)
        foreach (var (file, content) in files)
        foreach (
            var needle in new[]
            {
                secret,
                Octets.GetString(Encoding.Unicode.GetBytes(secret)),
                Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')[..^1],
            }
        )
            Assert.False(content.Contains(needle, StringComparison.Ordinal), $"{name} is in {file}");
    }

    /// <summary>
    /// Registers, signs in, exchanges, calls, refreshes, reuses, replays, revokes and fails in every way, secrets in wrong places
    /// included.
    /// </summary>
    private static async Task<(Dictionary<string, string> Secrets, string ClientId)> RunAsync(TestServer server)
    {
        var secrets = new Dictionary<string, string>
        {
            ["state"] = State,
            ["password"] = TestServer.Password,
            ["wrong password"] = WrongPassword,
        };
        var client = await TestClient.RegisterAsync(server, ("token_endpoint_auth_method", "client_secret_basic"));
        using var open = await TestClient.RegisterAsync(server);
        (secrets["client secret"], secrets["verifier"], secrets["other verifier"]) = (client.Secret!, client.Verifier, open.Verifier);

        using var browser = server.Browser();
        await browser.OpenAsync(client.AuthorizationUrl(("state", State)));
        await browser.SignInAsync("alice", WrongPassword);
        await browser.SignInAsync("nobody", WrongPassword);
        await browser.SignInAsync();
        await browser.SubmitAsync("Allow");
        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(browser.Location.Query)["code"].ToString();
        foreach (System.Net.Cookie cookie in browser.Cookies)
            secrets[$"cookie {cookie.Name}"] = cookie.Value;
        secrets["code"] = code;

        var unspent = secrets["unspent code"] = await client.CodeAsync("bob", ("state", State));
        await client.ExchangeAsync(code, ("code_verifier", open.Verifier));
        await client.ExchangeAsync(code, ("client_secret", client.Secret));
        await client.ExchangeAsync(code, ("redirect_uri", $"https://evil.example/{State}"));
        await open.ExchangeAsync(code, ("client_id", client.Secret));
        var tokens = await (await client.ExchangeAsync(code)).JsonAsync();
        var access = secrets["access token"] = (string)tokens["access_token"]!;
        var refresh = secrets["refresh token"] = (string)tokens["refresh_token"]!;
        secrets["access token's signature"] = access.Split('.')[2];

        await CallEveryToolAsync(server, access);
        using (
            var asked = await server.SendAsync(
                new HttpRequestMessage(HttpMethod.Get, $"/mcp?access_token={access}&code={unspent}&state={State}")
            )
        )
            Assert.Equal(401, (int)asked.StatusCode);
        await server.PostMcpAsync(refresh);
        await server.PostMcpAsync(access + "x");

        var second = await (await client.RefreshAsync(refresh)).JsonAsync();
        var (secondAccess, secondRefresh) = (
            secrets["second access token"] = (string)second["access_token"]!,
            secrets["second refresh token"] = (string)second["refresh_token"]!
        );
        await client.RefreshAsync(secondRefresh, ("scope", client.Secret));
        await client.RefreshAsync(secondRefresh, ("resource", $"https://evil.example/{State}"));
        await open.RevokeAsync(secondAccess);
        await client.RevokeAsync(secondAccess);
        using (await Outage.OfWritesAsync(server))
            await (await client.RefreshAsync(secondRefresh)).AssertErrorAsync(503, "temporarily_unavailable");
        using (await Outage.OfTablesAsync(server))
            Assert.Equal(503, (int)(await client.RefreshAsync(secondRefresh)).StatusCode);
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        await (await client.ExchangeAsync(code)).AssertErrorAsync(400, "invalid_grant");
        await client.RevokeAsync(secondRefresh);
        return (secrets, client.Id);
    }

    private static async Task CallEveryToolAsync(TestServer server, string access)
    {
        var session = await server.OpenSessionAsync(access);
        foreach (
            var call in new[]
            {
                McpRequests.Call("show_auth_token"),
                McpRequests.Call("who_am_i"),
                McpRequests.Call("make_authenticated_request", """{"message":"hello"}"""),
            }
        )
        {
            using var response = await server.PostMcpAsync(access, call, ("Mcp-Session-Id", session));
            Assert.NotNull((await response.RpcAsync())["result"]!["structuredContent"] as JsonObject);
        }
    }
}
