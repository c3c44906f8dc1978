using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace OAuthMcp.Integration.Hosting;

/// <summary>The program's options, and the one sentence it ends in when it cannot start.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string data = TestServer.NewDataDirectory();

    [Theory]
    [InlineData("--addr", "Required argument missing for option: '--addr'.")]
    [InlineData("--OAuth:PublicUrll=https://mcp.example.com", "OAuth:PublicUrll is not a configuration key.")]
    [InlineData(
        "--OAuth:CodeLifetime=soon",
        "Failed to convert configuration value 'soon' at 'OAuth:CodeLifetime' to type 'System.TimeSpan'."
    )]
    [InlineData("--OAuth:CodeLifetime=00:30:00", "OAuth:CodeLifetime must be at most 00:10:00.")]
    [InlineData("--OAuth:CodeLifetime 00:30:00", "OAuth:CodeLifetime must be at most 00:10:00.")]
    [InlineData("-oauth:codelifetime=00:30:00", "OAuth:CodeLifetime must be at most 00:10:00.")]
    [InlineData("--OAuth:CodeLifetime", "OAuth:CodeLifetime needs a value.")]
    [InlineData("--public-url http://mcp.example.com", "OAuth:PublicUrl must be https unless its host is loopback.")]
    [InlineData(
        "-public-url=https://mcp.example.com/path",
        "OAuth:PublicUrl must be an absolute URL without path, such as https://mcp.example.com."
    )]
    [InlineData("--transport pigeon", "Server:Transport must be http or stdio.")]
    [InlineData("-t pigeon", "Server:Transport must be http or stdio.")]
    [InlineData("-addr=:99999", "Server:Address must be :port, host:port or a URL.")]
    [InlineData("--addr 192.0.2.1:8080", "Server:Address: Cannot assign requested address.")]
    [InlineData("-downstream ftp://files.example.com", "Downstream:BaseAddress must be an absolute http or https URL.")]
    [InlineData("--transport stdio --downstream ftp://files.example.com", "Downstream:BaseAddress must be an absolute http or https URL.")]
    [InlineData("--log-level Loud", "Serilog:MinimumLevel: The value Loud is not a valid Serilog level.")]
    [InlineData("--transport stdio --log-level Loud", "Serilog:MinimumLevel: The value Loud is not a valid Serilog level.")]
    [InlineData(
        "--database nonsense",
        "ConnectionStrings:Database must name a SQLite file (Data Source=...) or a PostgreSQL server (Host=...;Database=...;Username=...)."
    )]
    [InlineData(
        "--database Sorce=x.db",
        "ConnectionStrings:Database must name a SQLite file (Data Source=...) or a PostgreSQL server (Host=...;Database=...;Username=...)."
    )]
    [InlineData(
        "--database Server=db;Uid=app;Pwd=hush",
        "ConnectionStrings:Database must name a SQLite file (Data Source=...) or a PostgreSQL server (Host=...;Database=...;Username=...)."
    )]
    [InlineData(
        "--database postgresql://app:hush@db/app",
        "ConnectionStrings:Database must name a SQLite file (Data Source=...) or a PostgreSQL server (Host=...;Database=...;Username=...)."
    )]
    [InlineData("--database Host=db", "ConnectionStrings:Database: PostgreSQL needs Host and Database.")]
    [InlineData("--database Host=db;Database=app;Colour=red", "ConnectionStrings:Database: colour is no word of it, or has no such value.")]
    [InlineData("--database DataSource=/dev/null/x.db", "ConnectionStrings:Database: SQLite Error 14: 'unable to open database file'.")]
    [InlineData("--Server:DataDirectory=/dev/null/data", "Server:DataDirectory: cannot write to /dev/null/data.")]
    [InlineData(
        "--Accounts:Seed:0:UserName=carol --Accounts:Seed:0:Password=short",
        "Accounts:Seed: The password must have 8 to 1024 characters."
    )]
    [InlineData("--transport stdio --client_id abc", "Upstream has no effect over stdio, where nobody signs in.")]
    [InlineData("--transport stdio --authority https://idp.example", "Authority has no effect over stdio, where nobody signs in.")]
    [InlineData(
        "--transport stdio --Downstream:Token=Upstream",
        "Downstream:Token must be Received over stdio: there is no user but the one of API_KEY."
    )]
    [InlineData("users", "users needs a verb: add, list, show, disable, enable, reset-factors, delete, set-password.")]
    [InlineData("users add", "Required argument 'name' missing for command: 'add'.")]
    [InlineData("doctor mcp.example.com", "doctor: the URL of a server is such as https://mcp.example.com.")]
    [InlineData(
        "--addr=:99999 --OAuth:CodeLifetime=00:30:00 --log-level=Loud",
        "The configuration has 3 faults:\n- Server:Address must be :port, host:port or a URL.\n- OAuth:CodeLifetime must be at most 00:10:00.\n- Serilog:MinimumLevel: The value Loud is not a valid Serilog level."
    )]
    [InlineData("users add carol extra", "Unrecognized command or argument 'extra'.")]
    public Task Refuses_to_start(string arguments, string sentence) => AssertRefusedAsync(sentence, arguments.Split(' '));

    [Theory]
    [InlineData(
        "sreve",
        "There is no verb sreve. There are serve, users, clients, grants, sessions, keys, audit, token, migrate, restore, doctor. Did you mean serve?"
    )]
    [InlineData(
        "frobnicate",
        "There is no verb frobnicate. There are serve, users, clients, grants, sessions, keys, audit, token, migrate, restore, doctor."
    )]
    [InlineData(
        "users disabel alice",
        "There is no verb disabel. There are add, list, show, disable, enable, reset-factors, delete, set-password. Did you mean disable?"
    )]
    public Task U_12_names_the_verbs_there_are_and_the_nearest(string arguments, string sentence) =>
        AssertRefusedAsync(sentence, arguments.Split(' '));

    [Theory]
    [InlineData("--adr localhost:8080", "There is no option --adr. There are ", "--addr", "--database", " Did you mean --addr?\n")]
    [InlineData("--frobnicate", "There is no option --frobnicate. There are ", "--log-level", "--json", ".\n")]
    [InlineData(
        "clients add A --redirect-url https://a.example",
        "There is no option --redirect-url. ",
        "--jwks",
        "--addr",
        "--redirect-uri?\n"
    )]
    public async Task U_12_names_the_options_there_are_and_the_nearest(string arguments, string start, string one, string other, string end)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync([.. arguments.Split(' '), $"--Server:DataDirectory={data}"]);
        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith(start, error, StringComparison.Ordinal);
        Assert.EndsWith(end, error, StringComparison.Ordinal);
        Assert.Contains(one, error, StringComparison.Ordinal);
        Assert.Contains(other, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task U_06_a_verb_in_another_folder_says_which_database_it_made()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(
            ["users", "list", "--json"],
            environment: ("DOTNET_CONTENTROOT", Directory.CreateDirectory(data).FullName)
        );
        Assert.Equal((0, "[]\n", $"Made a new database: {data}/data/oauthmcp.db\n"), (exitCode, output, error));
        (exitCode, output, error) = await ServerProcess.RunAsync(["keys", "list"], environment: ("DOTNET_CONTENTROOT", data));
        Assert.Equal((0, "", $"Database: {data}/data/oauthmcp.db\n"), (exitCode, output, error));
        (exitCode, output, error) = await ServerProcess.RunAsync(["keys", "list", $"--Server:DataDirectory={data}/data"]);
        Assert.Equal((0, "", ""), (exitCode, output, error));
    }

    [Fact]
    public Task Refuses_an_unknown_key_in_the_environment() =>
        AssertRefusedAsync("OAuth:PublicUrll is not a configuration key.", [], ("OAuth__PublicUrll", "https://mcp.example.com"));

    [Theory]
    [InlineData("127.0.0.1:")]
    [InlineData("localhost:")]
    [InlineData(":")]
    public async Task Refuses_a_port_in_use(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await AssertRefusedAsync("Server:Address: the port is in use.", ["--addr", address + ((IPEndPoint)listener.LocalEndpoint).Port]);
    }

    [Fact]
    public async Task F_09_refuses_the_database_of_a_running_server_whatever_the_data_directory()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        await AssertRefusedAsync(
            $"ConnectionStrings:Database: another server is running on {server.DataDirectory}/oauthmcp.db.",
            ["--addr", $"localhost:{TestServer.FreePort()}", "--database", $"Data Source={server.DataDirectory}/oauthmcp.db"]
        );
    }

    [Fact]
    public async Task F_29_refuses_to_start_without_the_key_ring_of_its_database()
    {
        Requires.Sqlite();
        var server = await TestServer.StartAsync(data, TestServer.FreePort());
        await server.StopAsync();
        Directory.Delete(Path.Combine(data, "keys"), recursive: true);
        await AssertRefusedAsync(
            "Server:DataDirectory: the signing keys cannot be unsealed with the key ring found there; restore it from the same backup as the database.",
            ["--addr", $"localhost:{TestServer.FreePort()}"]
        );
    }

    [Theory]
    [InlineData(
        "--help",
        "--addr",
        "Server:Address",
        "--public-url",
        "--transport",
        "--database",
        "--downstream",
        "--log-level",
        "users",
        "serve"
    )]
    [InlineData("-h", "--addr")]
    [InlineData("serve --help", "--addr")]
    [InlineData("users --help", "add")]
    [InlineData("users add --help", "name", "password", "--database", "--Server:DataDirectory", "--json")]
    [InlineData("keys list --help", "--database", "--Server:DataDirectory", "--json")]
    [InlineData("users set-password --help", "--keep-passkeys", "--json")]
    [InlineData("sessions end --help", "--user", "browsers", "--json")]
    [InlineData("token explain --help", "standard input", "--database", "--json")]
    [InlineData("doctor --help", "url", "--ready", "--json", "Exit code 1")]
    public async Task Explains_itself(string arguments, params string[] words)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(arguments.Split(' '));
        Assert.Equal((0, ""), (exitCode, error));
        Assert.All(words, word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.False(Directory.Exists(data));
    }

    [Theory]
    [InlineData("--addr localhost:{0} --public-url https://mcp.example.com --OAuth:CodeLifetime=00:00:30")]
    [InlineData("-addr=localhost:{0} -public-url=https://mcp.example.com -t http")]
    [InlineData("serve --addr=:{0} --OAuth:PublicUrl https://mcp.example.com -Server:Transport http")]
    public async Task Takes_options_in_every_form_and_stops_when_told(string form)
    {
        var port = TestServer.FreePort();
        await using var server = ServerProcess.Start([.. string.Format(null, form, port).Split(' '), $"--Server:DataDirectory={data}"]);
        await server.SaysAsync("Application started");
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        var metadata = await http.GetFromJsonAsync<JsonObject>(
            "/.well-known/oauth-authorization-server",
            TestContext.Current.CancellationToken
        );
        Assert.Equal("https://mcp.example.com", (string?)metadata!["issuer"]);

        server.Terminate();
        await server.ExitAsync();
        Assert.Equal((0, ""), (server.Process.ExitCode, server.Error));
    }

    private async Task AssertRefusedAsync(string sentence, string[] arguments, params (string, string?)[] environment)
    {
        string[] where = arguments.Any(argument => argument.Contains("DataDirectory", StringComparison.Ordinal))
            ? []
            : [$"--Server:DataDirectory={data}"];
        var (exitCode, output, error) = await ServerProcess.RunAsync([.. where, .. arguments], environment: environment);
        Assert.Equal(sentence + "\n", error);
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }
}
