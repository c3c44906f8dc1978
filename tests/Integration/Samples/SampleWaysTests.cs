using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Samples;

/// <summary>The other ways to be a client, and to bring the answer home.</summary>
public sealed class SampleWaysTests : IDisposable
{
    private readonly SampleClient client = new();

    [Fact]
    public async Task Takes_the_answer_by_paste_on_a_machine_without_a_browser()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PasteAsync(server, answer => answer.AbsoluteUri);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("who_am_i()", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Takes_a_second_paste()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PasteAsync(
            server,
            _ => "",
            answer => $"{answer.GetLeftPart(UriPartial.Path)}?code=a",
            answer => answer.AbsoluteUri
        );
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("its state is another", run.Error, StringComparison.Ordinal);
        Assert.Contains("who_am_i()", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("its state is another", "state")]
    [InlineData("its iss is another", "iss")]
    public async Task Takes_no_answer_that_is_not_its_own(string reason, string changed)
    {
        await using var server = await TestServer.StartAsync();
        var run = await PasteAsync(server, answer =>
            QueryHelpers.AddQueryString(
                answer.GetLeftPart(UriPartial.Path),
                QueryHelpers
                    .ParseQuery(answer.Query)
                    .ToDictionary(
                        parameter => parameter.Key,
                        parameter => (string?)(parameter.Key == changed ? server.Issuer + "/" : parameter.Value.ToString())
                    )
            )
        );
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(client.Folder));
    }

    // RFC 9207 §2.4: this server names itself in each answer, so an answer that does not is none.
    [Fact]
    public async Task Takes_no_bare_code_from_a_server_that_names_itself()
    {
        await using var server = await TestServer.StartAsync();
        var run = await PasteAsync(server, answer => QueryHelpers.ParseQuery(answer.Query)["code"]!);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("its iss is missing", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_other_visitors_of_its_port_away_and_waits_on()
    {
        await using var server = await TestServer.StartAsync();
        var signIn = await client.AskedAsync(server.Resource, async link =>
        {
            var callback = QueryHelpers.ParseQuery(link.Query)["redirect_uri"].ToString();
            using var stranger = new HttpClient();
            foreach (
                var query in new[] { "", "?code=stolen", "?code=stolen&state=guess", "?code=a&code=b", "?error=access_denied&state=guess" }
            )
                Assert.Equal(
                    HttpStatusCode.NotFound,
                    (await stranger.GetAsync(callback + query, TestContext.Current.CancellationToken)).StatusCode
                );
            using var browser = server.Browser();
            return await browser.AllowAsync(link.AbsoluteUri);
        });
        Assert.True(signIn.Run.ExitCode == 0, signIn.Run.Error);
    }

    [Fact]
    public async Task Is_described_by_a_document_where_the_server_reads_one()
    {
        await using var server = await SharedDocuments.StartServerAsync();
        await using var documents = await DocumentHost.StartAsync();
        var url = documents.Publish(("redirect_uris", new JsonArray("http://127.0.0.1/callback")));
        var signIn = await client.SignInAsync(server, "--client-metadata-url", url, "call", "who_am_i");
        Assert.True(signIn.Run.ExitCode == 0, signIn.Run.Error);
        Assert.Equal(url, (string?)JsonNode.Parse(signIn.Run.Output)!["client"]);
    }

    [Fact]
    public async Task Is_the_client_that_it_is_told_to_be_and_keeps_no_secret_of_it()
    {
        await using var server = await TestServer.StartAsync([
            ("OAuth:Clients:0:ClientId", "terminal"),
            ("OAuth:Clients:0:ClientSecret", ConfiguredServer.Secret),
            ("OAuth:Clients:0:RedirectUris:0", "http://127.0.0.1/callback"),
        ]);
        string[] given = ["--client_id", "terminal", "--client_secret", ConfiguredServer.Secret];
        var signIn = await client.SignInAsync(server, [.. given, "call", "who_am_i"]);
        Assert.True(signIn.Run.ExitCode == 0, signIn.Run.Error);
        Assert.Equal("terminal", (string?)JsonNode.Parse(signIn.Run.Output)!["client"]);
        Assert.DoesNotContain(ConfiguredServer.Secret, client.Kept.ToJsonString(), StringComparison.Ordinal);

        server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Contains("terminal", await client.AnswerAsync(server.Resource, [.. given, "call", "who_am_i"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256", "pem")]
    [InlineData("ES256", "jwk")]
    [InlineData("RS256", "pem")]
    public async Task Is_a_machine_with_a_key(string algorithm, string form)
    {
        using var key = new ClientKey(algorithm);
        await using var server = await TestServer.StartAsync([.. ConfiguredServer.Keys(key)]);
        var file = Path.Combine(Directory.CreateDirectory(server.DataDirectory).FullName, "client.key");
        await File.WriteAllTextAsync(file, form == "pem" ? key.Pem : key.PrivateJwk.ToJsonString(), TestContext.Current.CancellationToken);
        var me = JsonNode.Parse(
            await client.AnswerAsync(
                server.Resource,
                "--client-credentials",
                "--client_id",
                "signer",
                "--private-key",
                file,
                "call",
                "who_am_i"
            )
        )!;
        Assert.Equal("signer", (string?)me["subject"]);
        Assert.False(Directory.Exists(client.Folder));
    }

    [Fact]
    public async Task Is_a_machine_with_a_secret_from_the_environment()
    {
        using var key = new ClientKey();
        await using var server = await TestServer.StartAsync([.. ConfiguredServer.Keys(key)]);
        await using var run = client.Start(
            server.Resource,
            ["--client-credentials", "--client_id", "reporter", "--scope", "mcp.read", "call", "who_am_i"],
            ("CLIENT_SECRET", ConfiguredServer.Secret)
        );
        await run.ExitAsync();
        Assert.True(run.Process.ExitCode == 0, run.Error);
        Assert.Equal("reporter", (string?)JsonNode.Parse(run.Output)!["subject"]);
    }

    [Fact]
    public async Task A_machine_takes_what_it_may_have_of_what_the_server_wants()
    {
        using var key = new ClientKey();
        await using var server = await TestServer.StartAsync([.. ConfiguredServer.Keys(key)]);
        string[] machine = ["--client-credentials", "--client_id", "reporter", "--client_secret", ConfiguredServer.Secret];
        var me = JsonNode.Parse(await client.AnswerAsync(server.Resource, [.. machine, "call", "who_am_i"]))!;
        Assert.Equal("""["mcp.read"]""", me["scopes"]!.ToJsonString());

        // What it is told to ask for it asks for as it is, and for what a tool needs it does not ask again.
        Assert.Contains(
            "invalid_scope",
            (await client.RunAsync(server.Resource, [.. machine, "--scope", "mcp.write"])).Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "mcp.write, which was asked for and not granted.",
            (await client.RunAsync(server.Resource, [.. machine, "call", "make_authenticated_request", "--arg", "message=x"])).Error,
            StringComparison.Ordinal
        );
    }

    private async Task<SampleClient.Run> PasteAsync(TestServer server, params Func<Uri, string>[] pasted)
    {
        await using var run = client.Start(server.Resource, ["--paste"]);
        using var browser = server.Browser();
        var answer = await browser.AllowAsync((await SampleClient.LinkAsync(run)).AbsoluteUri);
        foreach (var paste in pasted)
            await run.Process.StandardInput.WriteLineAsync(paste(answer));
        run.Process.StandardInput.Close();
        await run.ExitAsync();
        return SampleClient.Run.Of(run);
    }

    public void Dispose() => client.Dispose();
}
