using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What the program writes on its terminal, or for a store of logs.</summary>
public sealed class LogFormatTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly int port = TestServer.FreePort();

    [Fact]
    public async Task Writes_date_and_zone_and_leaves_the_audit_stream_out()
    {
        await using var server = Start();
        await RefuseAsync(server, " /mcp 401 ");
        var line = server.Output.Split('\n').Single(line => line.Contains(" /mcp 401 ", StringComparison.Ordinal));
        Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}[.][0-9]{3}[+-][0-9]{2}:[0-9]{2} WRN ", line);
        server.Terminate(); // which writes what waits
        await server.ExitAsync();
        Assert.DoesNotContain("audit access", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_one_JSON_object_a_line_with_the_audit_stream_among_them()
    {
        await using var server = Start("--Logging:Format=Json");
        await RefuseAsync(server, "audit ");
        server.Terminate();
        await server.ExitAsync();
        var lines = server.Output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var request = Assert.Single(lines, line => (int?)line["StatusCode"] == 401);
        Assert.Equal(
            ("invalid_token", "/mcp", "127.0.0.1"),
            ((string?)request["Error"], (string?)request["Path"], (string?)request["Peer"])
        );
        var audit = Assert.Single(lines, line => (string?)line["SourceContext"] == "OAuthMcp.Audit");
        Assert.Equal(
            ("access", "refused", "invalid_token", 4100, (string?)request["TraceId"]),
            (
                (string?)audit["What"],
                (string?)audit["Decision"],
                (string?)audit["ErrorCode"],
                (int?)audit["EventId"]!["Id"],
                (string?)audit["TraceId"]
            )
        );
        Assert.All(lines, line => Assert.Matches("^[0-9-]{10}T[0-9:.]+(Z|[+-][0-9:]{5})$", (string?)line["@t"]));
    }

    [Fact]
    public async Task Refuses_another_format_with_one_sentence()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(["--Logging:Format=Xml", $"--Server:DataDirectory={folder.Path}"]);
        Assert.Equal((1, "", "Logging:Format must be Text or Json.\n"), (exitCode, output, error));
    }

    public void Dispose() => folder.Dispose();

    private ServerProcess Start(params string[] more) =>
        ServerProcess.Start([$"--addr=localhost:{port}", $"--Server:DataDirectory={folder.Path}", "--Server:StopDelay=00:00:00", .. more]);

    private async Task RefuseAsync(ServerProcess server, string says)
    {
        await server.SaysAsync("Application started");
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "forged");
        using var answer = await http.PostAsync(
            $"http://127.0.0.1:{port}/mcp",
            new StringContent("{}", null, "application/json"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(401, (int)answer.StatusCode);
        await server.SaysAsync(says);
    }
}
