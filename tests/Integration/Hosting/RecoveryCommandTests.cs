using System.Net;
using System.Text.Json.Nodes;
using OAuthMcp.Application.Audit;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What an operator sees of an account and takes away from it, beside a running server.</summary>
public sealed class RecoveryCommandTests
{
    private const string NewPassword = "another horse battery";
    private string[] where = [];

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task L15_an_operator_sees_who_can_do_what_and_ends_it_piece_by_piece(string database)
    {
        await using var server = await StartAsync(database);
        using var client = await TestClient.RegisterAsync(server, ("client_name", "Claude"));
        using var passkey = new TestPasskey(server.Issuer);
        using var browser = await AddPasskeyAsync(server, passkey);
        var (access, refresh) = await client.SignInAsync();
        var others = (await client.SignInAsync("bob")).Access;
        var (session, second) = (await server.OpenSessionAsync(access), await server.OpenSessionAsync(access));

        var shown = await JsonAsync("users", "show", "ALICE");
        var (account, grants) = (shown["account"]!, (JsonArray)shown["grants"]!);
        Assert.Equal("alice", (string?)account["user_name"]);
        Assert.Equal("my laptop", (string?)Assert.Single((JsonArray)account["passkeys"]!)!["name"]);
        Assert.True((bool)account["has_password"]! && !(bool)account["has_authenticator"]! && account["disabled_at"] is null);
        var grant = (string)Assert.Single(grants)!["id"]!;
        Assert.Equal(client.Id, (string?)grants[0]!["client_id"]);
        Assert.Equal(2, ((JsonArray)await JsonAsync("grants", "list", "--client", client.Id)).Count);

        // One session of two, without a word to its client.
        var hash = Domain.Protocol.TokenHash.Of(new Domain.Protocol.Secret(session)).Value;
        Assert.Equal(2, ((JsonArray)await JsonAsync("sessions", "list", "--user", "alice")).Count);
        Assert.Equal((0, $"Ended {hash}.\n", ""), await RunAsync(["sessions", "end", hash]));
        await EndsSoonAsync(server, access, session);
        Assert.Equal(HttpStatusCode.OK, await CallAsync(server, access, second));

        // All of them, those of browsers too, and no token.
        Assert.Equal(
            (0, "Ended 1 session of MCP clients, and every session of a browser.\n", ""),
            await RunAsync(["sessions", "end", "--user", "alice"])
        );
        await EndsSoonAsync(server, access, second);
        await browser.OpenAsync("/");
        Assert.DoesNotContain("Signed in as", browser.Text, StringComparison.Ordinal);
        Assert.True(await server.AcceptsAsync(access));

        Assert.Equal((0, $"Revoked {grant}.\n", ""), await RunAsync(["grants", "revoke", grant]));
        await server.RefusesSoonAsync(access);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(400, "invalid_grant");
        Assert.True(await server.AcceptsAsync(others));
        Assert.Equal((1, "", $"There is no live grant {grant}.\n"), await RunAsync(["grants", "revoke", grant]));

        var trail = await server.InAsync(
            (IAuditRecords records) =>
                records.ListAsync(new(null, null, null, AuditWords.Administration, 4), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            [
                ("RevokeGrant", grant, null, AuditWords.Refused),
                ("RevokeGrant", grant, client.Id, AuditWords.Allowed),
                ("EndSessions", "alice", null, AuditWords.Allowed),
                ("EndSessions", hash, null, AuditWords.Allowed),
            ],
            trail.Select(happened => (happened.Act, happened.Name, happened.ClientId, happened.Decision))
        );
        var subject = (string?)account["subject"];
        Assert.Equal([null, subject, subject, null], trail.Select(happened => happened.Subject));
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task L15_a_new_password_takes_the_passkeys_with_it_unless_they_are_to_be_kept(string database)
    {
        await using var server = await StartAsync(database);
        using var client = await TestClient.RegisterAsync(server);
        using var passkey = new TestPasskey(server.Issuer);
        using var browser = await AddPasskeyAsync(server, passkey);
        var (access, _) = await client.SignInAsync();

        Assert.Equal(
            (0, "Changed the password of alice. Ended every session and 1 grant. Kept 1 passkey: no password is asked there.\n", ""),
            await RunAsync(["users", "set-password", "alice", "--keep-passkeys"], NewPassword + "\n")
        );
        await server.RefusesSoonAsync(access);
        Assert.True(await SignsInAsync(server, passkey));
        Assert.Equal(
            """{"subject":"usr","user_name":"alice","grants_ended":0,"passkeys_removed":1,"passkeys_kept":0}""",
            System.Text.RegularExpressions.Regex.Replace(
                (await RunAsync(["users", "set-password", "alice", "--json"], NewPassword + "\n")).Output.Trim(),
                "usr_[A-Za-z0-9_-]+",
                "usr"
            )
        );
        Assert.False(await SignsInAsync(server, passkey));
    }

    [Fact]
    public async Task L15_says_in_lines_what_is_known_of_an_account_and_its_grants()
    {
        await using var server = await StartAsync("sqlite");
        using var client = await TestClient.RegisterAsync(server, ("client_name", "\u001B[31mred"));
        using var passkey = new TestPasskey(server.Issuer);
        using var browser = await AddPasskeyAsync(server, passkey, "\u001B[31mred");
        using (var guesser = server.Browser())
        {
            await guesser.OpenAsync("/signin");
            for (var attempt = 0; attempt < 10; attempt++)
                await guesser.SignInAsync("alice", "wrong");
        }

        await client.SignInAsync("bob");
        await server.TurnSecondFactorOnAsync("alice");
        var (exitCode, output, error) = await RunAsync(["users", "show", "alice"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Matches(
            """
            ^name           alice
            subject        usr_[A-Za-z0-9_-]+
            state          enabled
            locked out     peer .* until \d{4}-\d\d-\d\d \d\d:\d\dZ
            last sign-in   \d{4}-\d\d-\d\d \d\d:\d\dZ
            wrong guesses  10 since then
            password       set
            authenticator  on, 0 recovery codes left
            passkeys       \[31mred, added \d{4}-\d\d-\d\d
            linked         none
            allowed        none
            $
            """.ReplaceLineEndings("\n"),
            output
        );
        Assert.Matches(
            $@"^grt_\S+  bob  {client.Id}  mcp\.read mcp\.write  since \S+  last used \S+ \S+Z  until \S+\n$",
            (await RunAsync(["grants", "list"])).Output
        );
    }

    [Theory]
    [InlineData("users show nobody", "There is no account nobody.")]
    [InlineData("grants list --user nobody", "There is no account nobody.")]
    [InlineData("grants revoke grt_none", "There is no live grant grt_none.")]
    [InlineData("sessions list --user nobody", "There is no account nobody.")]
    [InlineData("sessions end none", "There is no session none.")]
    [InlineData("sessions end --user nobody", "There is no account nobody.")]
    [InlineData("sessions end", "Name one session, or a user with --user.")]
    [InlineData("sessions end none --user nobody", "Name one session, or a user with --user.")]
    public async Task Refuses_with_one_sentence(string arguments, string sentence)
    {
        using var folder = new TemporaryFolder();
        where = [$"--Server:DataDirectory={folder.Path}"];
        var (exitCode, output, error) = await RunAsync(arguments.Split(' '));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Equal(sentence, error.TrimEnd('\n').Split('\n')[^1]);
    }

    private async Task<TestServer> StartAsync(string database)
    {
        if (database == "postgres")
            Requires.Postgres();
        (string, string)[] keys =
            database == "postgres" ? [("ConnectionStrings:Database", await PostgresServer.Shared.NewDatabaseAsync())] : [];
        var server = await TestServer.StartAsync(keys);
        where =
        [
            $"--Server:DataDirectory={server.DataDirectory}",
            .. keys.Select(key => $"--{key.Item1}={key.Item2}"),
            .. keys.Select(_ => $"--Protection:KeyFile={PostgresServer.KeyFile}"),
        ];
        return server;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string[] arguments, string input = "") =>
        ServerProcess.RunAsync([.. arguments, .. where], input);

    private async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync([.. arguments, "--json"]);
        Assert.Equal((0, ""), (exitCode, error));
        return JsonNode.Parse(output)!;
    }

    private static async Task<TestBrowser> AddPasskeyAsync(TestServer server, TestPasskey passkey, string name = "my laptop")
    {
        var browser = server.Browser();
        await browser.OpenAsync("/account");
        await browser.SignInAsync();
        var options = browser.Page!.QuerySelector("[data-passkey]")!.GetAttribute("data-passkey")!;
        await browser.SubmitAsync("Add a passkey", ("credential", passkey.Create(options)), ("name", name));
        Assert.Equal("/account?notice=passkey-added", browser.Location.PathAndQuery);
        return browser;
    }

    private static async Task<bool> SignsInAsync(TestServer server, TestPasskey passkey)
    {
        using var browser = server.Browser();
        await browser.OpenAsync("/signin");
        var options = browser.Page!.QuerySelector("[data-passkey]")!.GetAttribute("data-passkey")!;
        await browser.SubmitAsync("Sign in with a passkey", ("credential", passkey.Get(options)));
        return browser.Location.AbsolutePath == "/";
    }

    private static async Task<HttpStatusCode> CallAsync(TestServer server, string token, string session)
    {
        using var response = await server.PostMcpAsync(token, McpRequests.Call("who_am_i"), ("Mcp-Session-Id", session));
        return response.StatusCode;
    }

    /// <summary>Another process ended it a moment ago.</summary>
    private static async Task EndsSoonAsync(TestServer server, string token, string session)
    {
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); await CallAsync(server, token, session) != HttpStatusCode.NotFound; )
            Assert.InRange(waited.Elapsed, TimeSpan.Zero, ServerProcess.Soon);
    }
}
