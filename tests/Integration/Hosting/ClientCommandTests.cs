using System.Text.RegularExpressions;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The verbs that manage clients, beside a running server.</summary>
public sealed class ClientCommandTests(SharedServer shared) : IClassFixture<SharedServer>, IDisposable
{
    private readonly TestServer server = shared.Server;
    private readonly string file = Path.GetTempFileName();

    [Fact]
    public async Task An_added_machine_works_until_it_is_disabled()
    {
        var (id, secret) = Added(await RunAsync("add", "A report", "--scope", "mcp.read mcp.write"));
        using var machine = new TestClient(server, id, secret, "client_secret_basic");
        var token = await machine.MachineTokenAsync();
        Assert.Equal("mcp.read mcp.write", (string?)ForgedToken.Claims(token)["scope"]);
        Assert.True(await server.AcceptsAsync(token));

        Assert.Equal((0, $"Disabled {id}.\n", ""), await RunAsync("disable", id));
        await server.RefusesSoonAsync(token);
        await (await machine.AskAsMachineAsync()).AssertErrorAsync(401, "invalid_client");
        Assert.Contains($"{id}  A report  PreRegistered  ", (await RunAsync("list")).Output, StringComparison.Ordinal);
        Assert.Matches($"(?m)^{id}  .*  disabled$", (await RunAsync("list")).Output);
    }

    [Fact]
    public async Task An_added_application_signs_a_user_in_until_it_is_deleted()
    {
        var (exitCode, output, error) = await RunAsync("add", "A desktop", "--public", "--redirect-uri", TestClient.RedirectUri);
        Assert.Equal((0, ""), (exitCode, error));
        var id = Regex.Match(output, "^client_id      (cli_[A-Za-z0-9_-]+)\n$").Groups[1].Value;
        using var client = new TestClient(server, id, null, "none");
        var (access, refresh) = await client.SignInAsync();

        Assert.Equal((0, $"Deleted {id}.\n", ""), await RunAsync("delete", id));
        Assert.False(await server.AcceptsAsync(access));
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(401, "invalid_client");
        using var response = await client.Http.GetAsync(client.AuthorizationUrl(), TestContext.Current.CancellationToken);
        await response.AssertPageAsync();
        Assert.DoesNotContain(id, (await RunAsync("list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_added_client_signs_with_the_keys_of_a_file()
    {
        using var key = new ClientKey();
        await File.WriteAllTextAsync(file, key.Jwks.ToJsonString(), TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await RunAsync("add", "A signer", "--jwks", file);
        Assert.Equal((0, ""), (exitCode, error));
        var id = Regex.Match(output, "^client_id      (cli_[A-Za-z0-9_-]+)\n$").Groups[1].Value;
        using var machine = new TestClient(server, id, null, "private_key_jwt");
        Assert.True(await server.AcceptsAsync(await machine.MachineTokenAsync(key.Assertion(server, id))));
    }

    [Fact]
    public async Task B_11_a_registered_client_is_shut_out_at_once()
    {
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        Assert.True(await server.AcceptsAsync(access));
        Assert.Equal((0, $"Disabled {client.Id}.\n", ""), await RunAsync("disable", client.Id));
        await server.RefusesSoonAsync(access);
        await (await client.RefreshAsync(refresh)).AssertErrorAsync(401, "invalid_client");
    }

    [Theory]
    [InlineData("disable cli_unknown", "There is no client cli_unknown in the store.")]
    [InlineData("delete cli_unknown", "There is no client cli_unknown in the store.")]
    [InlineData("add", "Required argument 'name' missing for command: 'add'.")]
    public async Task Refuses_with_one_sentence(string arguments, string sentence) =>
        Assert.Equal((1, "", sentence + "\n"), await RunAsync(arguments.Split(' ')));

    [Theory]
    [InlineData("--public", "needs a secret or Jwks for client_credentials.")]
    [InlineData("--scope admin", "has Scopes other than mcp.read mcp.write.")]
    [InlineData("--redirect-uri http://app.example/cb", "has a RedirectUris entry with ")]
    public async Task Adds_no_client_that_is_incomplete_or_unsafe(string options, string reason)
    {
        var (exitCode, output, error) = await RunAsync(["add", "A client", .. options.Split(' ')]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith($"The client {reason}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    public void Dispose() => File.Delete(file);

    private static (string Id, string Secret) Added((int ExitCode, string Output, string Error) run)
    {
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var match = Regex.Match(
            run.Output,
            "^client_id      (cli_[A-Za-z0-9_-]+)\nclient_secret  ([A-Za-z0-9_-]{43,})  \\(shown this once\\)\n$"
        );
        Assert.True(match.Success, run.Output);
        return (match.Groups[1].Value, match.Groups[2].Value);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync(["clients", .. arguments, $"--Server:DataDirectory={server.DataDirectory}"]);
}
