using System.Collections.Concurrent;
using System.Net.Http.Headers;
using MediatR;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Testing;

/// <summary>
/// A program of one's own while a test runs: in this process, on a port of the loopback, with a data directory of its own and a clock
/// that the test moves. Its users sign in as people do, on its pages.
/// </summary>
public sealed class OAuthMcpTestServer : IAsyncDisposable
{
    private readonly RunningProgram program;
    private readonly string dataDirectory;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> passwords = new(StringComparer.Ordinal);

    private OAuthMcpTestServer(RunningProgram program, string dataDirectory, Uri address, ServerClock clock) =>
        (this.program, this.dataDirectory, Address, Clock) = (program, dataDirectory, address, clock);

    /// <summary>Scheme, host and port, which is the issuer of the tokens too.</summary>
    public Uri Address { get; }

    /// <summary>Where MCP clients connect to.</summary>
    public Uri Endpoint => new(Address, "/mcp");

    /// <summary>The program's services.</summary>
    public IServiceProvider Services => program.Services;

    /// <summary>The program's time.</summary>
    public ServerClock Clock { get; }

    /// <summary>Starts the program and waits until it serves.</summary>
    /// <typeparam name="TProgram">A type of the program's assembly, such as its <c>Program</c>.</typeparam>
    /// <param name="configuration">Keys of the configuration, which win over all others.</param>
    /// <exception cref="InvalidOperationException">The program ended instead; standard error says why.</exception>
    public static Task<OAuthMcpTestServer> StartAsync<TProgram>(params (string Key, string Value)[] configuration) =>
        StartAsync<TProgram>(_ => { }, configuration);

    /// <summary>The same with other services, such as one that stands in for an API.</summary>
    /// <typeparam name="TProgram">A type of the program's assembly, such as its <c>Program</c>.</typeparam>
    /// <param name="configure">Called when the program has added its own.</param>
    /// <param name="configuration">Keys of the configuration, which win over all others.</param>
    /// <exception cref="InvalidOperationException">The program ended instead; standard error says why.</exception>
    public static async Task<OAuthMcpTestServer> StartAsync<TProgram>(
        Action<IServiceCollection> configure,
        params (string Key, string Value)[] configuration
    )
    {
        var clock = new ServerClock();
        var dataDirectory = Directory.CreateTempSubdirectory("oauthmcp-testing-").FullName;
        var address = new Uri($"http://localhost:{FreePorts.Next()}");
        var keys = KeysOf(address, dataDirectory);
        foreach (var (key, value) in configuration)
            keys[key] = value;
        try
        {
            var program = await RunningProgram.StartAsync(typeof(TProgram).Assembly, keys, services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                configure(services);
            });
            return new OAuthMcpTestServer(program, dataDirectory, address, clock);
        }
        catch
        {
            Directory.Delete(dataDirectory, recursive: true);
            throw;
        }
    }

    /// <summary>
    /// Connects an MCP client in a user's name: it registers, the user signs in on the server's page and allows, and the client gets its
    /// token and renews it.
    /// </summary>
    /// <param name="userName">An account, which is made when it signs in for the first time.</param>
    /// <param name="scope">What the client asks for and the user allows, such as <c>mcp.read notes.write</c>.</param>
    /// <param name="options">What the client can do besides, such as answer a tool that asks back.</param>
    public async Task<McpClient> SignInAsync(string userName, string scope, McpClientOptions? options = null) =>
        await ConnectAsync(userName, scope, options ?? new McpClientOptions(), new KeptTokens());

    /// <summary>A client for plain HTTP that bears the token of a user who signed in as above.</summary>
    public async Task<HttpClient> CreateHttpClientAsync(string userName, string scope)
    {
        var tokens = new KeptTokens();
        await using (await ConnectAsync(userName, scope, new McpClientOptions(), tokens))
            return new HttpClient
            {
                BaseAddress = Address,
                DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", tokens.Current!.AccessToken) },
            };
    }

    /// <summary>Stops the program and throws its data away.</summary>
    public async ValueTask DisposeAsync()
    {
        await program.StopAsync();
        SqliteConnection.ClearAllPools(); // which hold the file open
        Directory.Delete(dataDirectory, recursive: true);
    }

    private static Dictionary<string, string> KeysOf(Uri address, string dataDirectory) =>
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["Server:Address"] = address.Authority,
            ["Server:DataDirectory"] = dataDirectory,
            ["Server:StopDelay"] = "00:00:00",
            ["ConnectionStrings:Database"] = $"Data Source={Path.Combine(dataDirectory, "oauthmcp.db")}",
            ["OAuth:PublicUrl"] = address.GetLeftPart(UriPartial.Authority),
            ["OAuth:Registration:Enabled"] = "true",
            ["Accounts:Local"] = "true",
            ["Serilog:MinimumLevel:Default"] = "Warning",
        };

    private async Task<McpClient> ConnectAsync(string userName, string scope, McpClientOptions options, KeptTokens tokens)
    {
        var password = await passwords.GetOrAdd(userName, name => new(() => AddUserAsync(name))).Value;
        return await SignedInClient.ConnectAsync(Endpoint, new User(userName, password), scope, options, tokens);
    }

    private async Task<string> AddUserAsync(string userName)
    {
        var password = Secret.Generate();
        await using var scope = Services.CreateAsyncScope();
        var added = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AddAccountCommand(userName, password));
        return added.Try(out _, out var refusal)
            ? password.Reveal()
            : throw new InvalidOperationException($"There is no account {userName}, and none can be made: {refusal.Description}");
    }
}
