using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Samples;

/// <summary>The sample client among servers that mean it no good.</summary>
public sealed class SampleSafetyTests : IDisposable
{
    private readonly SampleClient client = new();

    [Theory]
    [InlineData("authorization_endpoint", "javascript:alert(1)")]
    [InlineData("authorization_endpoint", "file:///etc/passwd")]
    [InlineData("authorization_endpoint", "/etc/passwd")]
    [InlineData("authorization_endpoint", "$(touch opened)")]
    [InlineData("authorization_endpoint", "--new-window")]
    [InlineData("authorization_endpoint", "vscode://settings")]
    [InlineData("authorization_endpoint", "http://auth.example/authorize")]
    [InlineData("authorization_endpoint", "https://user@auth.example/authorize")]
    [InlineData("authorization_endpoint", null)]
    [InlineData("token_endpoint", "http://auth.example/token")]
    [InlineData("registration_endpoint", "ftp://auth.example/register")]
    [UnsupportedOSPlatform("windows")]
    public async Task S_06_neither_opens_nor_calls_a_URL_that_is_not_safe(string member, string? url)
    {
        await using var server = await new ForeignServer { Metadata = new() { [member] = url } }.StartAsync();
        using var desktop = new Desktop();
        await using var run = client.Start(server.Url, [], desktop.Environment);
        if (member == "token_endpoint")
            await VisitAsync(await ForeignUsers.Allow(await SampleClient.LinkAsync(run)));
        await run.ExitAsync();
        Assert.Equal(1, run.Process.ExitCode);
        Assert.Contains(member, run.Error, StringComparison.Ordinal);
        if (member != "token_endpoint")
            Assert.Null(desktop.Opened);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task S_06_opens_the_browser_without_a_shell()
    {
        using var desktop = new Desktop();
        var marker = Path.Combine(desktop.Folder, "marker");
        await using var server = await new ForeignServer().StartAsync();
        server.Metadata["authorization_endpoint"] =
            $"{server.Origin}/first/authorize;$(touch {marker})`touch {marker}`|touch {marker}?x=%24(touch)&y='\"";
        await using var run = client.Start(server.Url, [], desktop.Environment);
        var link = await SampleClient.LinkAsync(run);
        await VisitAsync(await ForeignUsers.Allow(link));
        await run.ExitAsync();
        Assert.True(run.Process.ExitCode == 0, run.Error);
        Assert.Equal(link.AbsoluteUri, Assert.Single(desktop.Opened!));
        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData("""{ "issuer": "https://auth.example" }""", "belongs to another issuer: https://auth.example")]
    [InlineData("""{ "code_challenge_methods_supported": ["plain"] }""", "does not support PKCE with S256")]
    [InlineData("""{ "code_challenge_methods_supported": null }""", "does not support PKCE with S256")]
    public async Task Refuses_an_authorization_server_that_is_another_or_lacks_PKCE(string metadata, string reason)
    {
        await using var server = await new ForeignServer { Metadata = JsonNode.Parse(metadata)!.AsObject() }.StartAsync();
        var run = await client.RunAsync(server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/token", server.SentTo("first"), StringComparison.Ordinal);
    }

    // RFC 9728 §3.3: whoever takes another resource's metadata asks another's authorization server for a token for it.
    [Theory]
    [InlineData("https://mcp.example/mcp")]
    [InlineData("/other")]
    [InlineData("/mcp2")]
    [InlineData("/mcp/below")]
    [InlineData("/MCP")]
    [InlineData("/mcp?tenant=2")]
    [InlineData("http://localhost:1/mcp")]
    public async Task Refuses_the_metadata_of_another_resource(string resource)
    {
        await using var server = await new ForeignServer { Resource = resource }.StartAsync();
        var run = await client.RunAsync(server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("describes another server", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("/register", server.SentTo("first"), StringComparison.Ordinal);
        Assert.DoesNotContain("oauth-authorization-server", server.SentTo("first"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_issuer_of_the_same_resource_gets_nothing_of_the_first()
    {
        await using var server = await new ForeignServer().StartAsync();
        var first = await client.AskedAsync(server.Url, ForeignUsers.Allow);
        Assert.True(first.Run.ExitCode == 0, first.Run.Error);

        server.Issuer = "second";
        var second = await client.AskedAsync(server.Url, ForeignUsers.Allow);
        Assert.True(second.Run.ExitCode == 0, second.Run.Error);
        Assert.Contains("client_secret=second-secret", server.SentTo("second"), StringComparison.Ordinal);
        Assert.DoesNotContain("first-", server.SentTo("second"), StringComparison.Ordinal);

        server.Issuer = "first"; // what the first gave is still there, and still its own
        Assert.Equal(2, Directory.GetFiles(client.Folder).Length);
        await client.AnswerAsync(server.Url);
        Assert.DoesNotContain("second-", server.SentTo("first"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_secret_does_not_move_to_another_issuer()
    {
        await using var server = await new ForeignServer().StartAsync();
        string[] given = ["--client_id", "mine", "--client_secret", "my-secret"];
        var first = await client.AskedAsync(server.Url, ForeignUsers.Allow, given);
        Assert.True(first.Run.ExitCode == 0, first.Run.Error);

        server.Issuer = "second";
        var moved = await client.RunAsync(server.Url, given);
        Assert.Equal(1, moved.ExitCode);
        Assert.Contains($"The client mine belongs to {server.Origin}/first", moved.Error, StringComparison.Ordinal);
        var pinned = await client.RunAsync(server.Url, [.. given, "--client-credentials", "--issuer", $"{server.Origin}/first"]);
        Assert.Equal(1, pinned.ExitCode);
        Assert.DoesNotContain("my-secret", server.SentTo("second"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_output_holds_no_secret()
    {
        await using var server = await TestServer.StartAsync();
        var signIn = await client.SignInAsync(server, "--verbose");
        server.Clock.Advance(TimeSpan.FromHours(2));
        var (access, refresh) = (client.AccessToken, client.RefreshToken);
        var refreshed = await client.RunAsync(server.Resource, "--verbose", "call", "show_auth_token");
        var logout = await client.RunAsync(server.Resource, "--verbose", "logout");
        Assert.All(["code=***", "code_verifier=***", "refresh_token=***", "\"access_token\":\"***\"", "Authorization: Bearer ***"], shown =>
            Assert.Contains(shown, signIn.Run.Error + refreshed.Error, StringComparison.Ordinal)
        );
        Assert.Contains("token=***", logout.Error, StringComparison.Ordinal);

        var (asked, answer) = (QueryHelpers.ParseQuery(signIn.Link.Query), QueryHelpers.ParseQuery(signIn.Answer.Query));
        var all = string.Concat(new[] { signIn.Run, refreshed, logout }.Select(run => run.Output + run.Error))
            .Replace(signIn.Link.AbsoluteUri, "", StringComparison.Ordinal);
        Assert.All([access, refresh, asked["state"].ToString(), answer["code"].ToString()], secret =>
            Assert.DoesNotContain(secret, all, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_a_server_says_does_not_steer_the_terminal()
    {
        await using var server = await new ForeignServer
        {
            Refusal = new() { ["error"] = "invalid_grant", ["error_description"] = "\u001b[2J\u001b]0;owned\u0007\u202egnorw" },
        }.StartAsync();
        var signIn = await client.AskedAsync(server.Url, ForeignUsers.Allow);
        Assert.Equal(1, signIn.Run.ExitCode);
        Assert.Contains("invalid_grant [2J]0;ownedgnorw", signIn.Run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The URL must be https, or http on this machine.", "http://mcp.example/mcp")]
    [InlineData("The URL must be https, or http on this machine.", "ftp://localhost/mcp")]
    [InlineData("The URL must be https, or http on this machine.", "mcp")]
    [InlineData("Cannot reach the server", "http://localhost:9/mcp")]
    [InlineData("--client_secret and --client-credentials need --client_id.", "http://localhost:9/mcp", "--client-credentials")]
    [InlineData(
        "--client-credentials needs --client_secret or --private-key.",
        "http://localhost:9/mcp",
        "--client-credentials",
        "--client_id",
        "x"
    )]
    [InlineData(
        "--private-key must be a private key of P-256 or RSA, as PEM or JWK.",
        "http://localhost:9/mcp",
        "--client_id",
        "x",
        "--private-key",
        "/dev/null"
    )]
    [InlineData("Unrecognized command or argument 'cal'. See --help.", "http://localhost:9/mcp", "cal", "who_am_i")]
    [InlineData("File does not exist: '/nowhere'. See --help.", "http://localhost:9/mcp", "--client_id", "x", "--private-key", "/nowhere")]
    [InlineData(
        "--client-metadata-url must be an https URL.",
        "http://localhost:9/mcp",
        "--client-metadata-url",
        "http://localhost/client.json"
    )]
    public async Task Says_in_one_sentence_what_is_wrong(string sentence, params string[] arguments)
    {
        var run = await client.RunAsync(arguments[0], arguments[1..]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(sentence, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("The tool who_am_i has no parameter x.", "who_am_i", "--arg", "x=1")]
    [InlineData("The tool make_authenticated_request has no parameter x; it has message.", "make_authenticated_request", "--arg", "x=1")]
    [InlineData("The tool make_authenticated_request needs --arg message=….", "make_authenticated_request")]
    [InlineData("--arg message was given twice.", "make_authenticated_request", "--arg", "message=1", "--arg", "message=2")]
    [InlineData("--arg message must be name=value.", "make_authenticated_request", "--arg", "message")]
    public async Task Says_in_one_sentence_what_is_wrong_with_a_call(string sentence, params string[] call)
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var run = await client.RunAsync(server.Resource, ["call", .. call]);
        Assert.Equal((1, $"✗ {sentence}\n", ""), (run.ExitCode, run.Error, run.Output));
    }

    [Theory]
    [InlineData("", "The server answered 404 NotFound: is the URL that of its MCP endpoint?")]
    [InlineData("/nowhere", "The server answered 404 NotFound: is the URL that of its MCP endpoint?")]
    public async Task Says_so_when_the_URL_is_another_one_of_the_server(string path, string sentence)
    {
        await using var server = await TestServer.StartAsync();
        var run = await client.RunAsync(server.Issuer + path);
        Assert.Equal((1, $"✗ {sentence}\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Names_the_URL_to_use_where_the_server_has_another_name()
    {
        await using var server = await TestServer.StartAsync();
        var run = await client.RunAsync(server.Resource.Replace("localhost", "127.0.0.1", StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            $"describes another server: {server.Resource}, which is this one by another name: use that URL.",
            run.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Names_the_tools_that_there_are_when_one_is_unknown()
    {
        await using var server = await TestServer.StartAsync();
        await client.SignInAsync(server);
        var run = await client.RunAsync(server.Resource, "call", "whoami");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Matches(@"^✗ .*whoami.*make_authenticated_request, show_auth_token, who_am_i\.\n$", run.Error);
    }

    private static async Task VisitAsync(Uri callback)
    {
        using var http = new HttpClient();
        await http.GetStringAsync(callback, TestContext.Current.CancellationToken);
    }

    public void Dispose() => client.Dispose();
}
