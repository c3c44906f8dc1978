using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Slips of a new operator: each is one sentence on standard error that names file, variable or key.</summary>
public sealed class ConfigurationFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(
        "--OAuth:CodeLifetime=60",
        "OAuth:CodeLifetime must be [days.]hours:minutes:seconds, such as 00:01:00; 60 alone would be days."
    )]
    [InlineData(
        "--OAuth:AccessTokenLifetime=3600",
        "OAuth:AccessTokenLifetime must be [days.]hours:minutes:seconds, such as 01:00:00; 3600 alone would be days."
    )]
    public Task U_01_takes_no_number_for_a_time(string argument, string sentence) => AssertRefusedAsync(sentence, [argument]);

    [Theory]
    [InlineData("localhst:8080")]
    [InlineData("http://no-such-host.invalid:8080")]
    public Task U_02_listens_nowhere_for_a_name_that_does_not_resolve(string address) =>
        AssertRefusedAsync(
            $"Server:Address: {address.Split("//")[^1].Split(':')[0]} is no name that resolves; write an address of this machine, or :8080 for all.",
            ["--addr", address]
        );

    [Theory]
    [InlineData("OAuht__PublicUrl", "OAuht__PublicUrl: OAuht is no section of the configuration; OAuth is.")]
    [InlineData("OATH__PUBLICURL", "OATH__PUBLICURL: OATH is no section of the configuration; OAuth is.")]
    [InlineData("Protecton__CertificateFile", "Protecton__CertificateFile: Protecton is no section of the configuration; Protection is.")]
    [InlineData("Downstreem__BaseAddress", "Downstreem__BaseAddress: Downstreem is no section of the configuration; Downstream is.")]
    public Task U_03_names_a_misspelt_section_of_the_environment(string variable, string sentence) =>
        AssertRefusedAsync(sentence, [], (variable, "https://mcp.example.com"));

    [Theory]
    [InlineData("""{ "Oath": {} }""", "appsettings.json: Oath is no section of the configuration; OAuth is.")]
    [InlineData("""{ "Acounts": { "Seed": [] } }""", "appsettings.json: Acounts is no section of the configuration; Accounts is.")]
    public Task U_03_names_a_misspelt_section_of_a_file(string file, string sentence)
    {
        File.WriteAllText(Path.Combine(folder.Path, "appsettings.json"), file);
        return AssertRefusedAsync(sentence, [], ("DOTNET_CONTENTROOT", folder.Path));
    }

    [Fact]
    public Task U_03_says_where_a_file_is_broken()
    {
        var file = Path.Combine(folder.Path, "appsettings.json");
        File.WriteAllText(file, "{\n  \"OAuth\": {\n    \"PublicUrl\": hidden\n  }\n}");
        return AssertRefusedAsync(
            $"Failed to load configuration from file '{file}': it is no JSON at line 3.",
            [],
            ("DOTNET_CONTENTROOT", folder.Path)
        );
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", null)]
    [InlineData(null, "--urls")]
    [InlineData(null, "-urls")]
    public async Task U_11_listens_where_the_framework_is_told_to(string? variable, string? option)
    {
        var port = TestServer.FreePort();
        var url = $"http://127.0.0.1:{port}";
        await using var server = ServerProcess.Start(
            [$"--Server:DataDirectory={folder.Path}", .. option is null ? Array.Empty<string>() : [option, url]],
            (variable ?? "UNUSED", url)
        );
        await server.SaysAsync("Application started");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        var metadata = await http.GetFromJsonAsync<JsonObject>(
            "/.well-known/oauth-authorization-server",
            TestContext.Current.CancellationToken
        );
        Assert.Equal($"http://localhost:{port}", (string?)metadata!["issuer"]);
    }

    [Fact]
    public async Task U_04_warns_when_it_listens_to_all_and_answers_for_this_machine_alone()
    {
        var port = TestServer.FreePort();
        await using var server = ServerProcess.Start(["--addr", $":{port}", $"--Server:DataDirectory={folder.Path}"]);
        await server.SaysAsync(
            $"is every interface, and OAuth:PublicUrl is not set: this server answers for http://localhost:{port}/ alone"
        );
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task K_13_starts_without_a_temporary_folder()
    {
        await using var server = ServerProcess.Start(
            ["--addr", $"localhost:{TestServer.FreePort()}", $"--Server:DataDirectory={folder.Path}"],
            ("TMPDIR", "/nonexistent")
        );
        await server.SaysAsync("Application started");
        server.Terminate();
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
        Assert.DoesNotContain("ERR", server.Output, StringComparison.Ordinal);
        var ring = Directory.GetFiles(Path.Combine(folder.Path, "keys"));
        Assert.EndsWith(".xml", Assert.Single(ring), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ring[0]));
    }

    private async Task AssertRefusedAsync(string sentence, string[] arguments, params (string, string?)[] environment)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            [$"--Server:DataDirectory={folder.Path}", .. arguments],
            environment: environment
        );
        Assert.Equal((sentence + "\n", 1), (error, exitCode));
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
