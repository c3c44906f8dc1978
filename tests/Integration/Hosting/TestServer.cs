using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using Serilog.Core;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// The product on a real socket, with a data directory of its own, a clock that tests move, and two accounts: alice and bob.
/// </summary>
internal sealed class TestServer : IReachable, IAsyncDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>Configuration of a server behind a proxy that ends TLS; what <see cref="Http"/> sends has come through it.</summary>
    public static readonly (string Key, string Value)[] BehindProxy =
    [
        ("OAuth:PublicUrl", "https://mcp.example"),
        ("Server:TrustedProxies:0", "127.0.0.1"),
        ("Server:TrustedProxies:1", "::1"),
    ];

    /// <summary>Who is there where a test names nobody.</summary>
    public static readonly IReadOnlyDictionary<string, string?> Accounts = new Dictionary<string, string?>
    {
        ["Accounts:Seed:0:UserName"] = "alice",
        ["Accounts:Seed:0:Password"] = Password,
        ["Accounts:Seed:1:UserName"] = "bob",
        ["Accounts:Seed:1:Password"] = Password,
    };

    private TestServer(WebApplication app, string dataDirectory, Uri address, TestClock clock, LogLines log) =>
        (App, DataDirectory, Address, Clock, Log) = (app, dataDirectory, address, clock, log);

    public WebApplication App { get; }
    public string DataDirectory { get; }

    /// <summary>Scheme and authority, which is the issuer too.</summary>
    public Uri Address { get; }
    public string Issuer => Address.GetLeftPart(UriPartial.Authority);
    public string Resource => Issuer + "/mcp";
    public TestClock Clock { get; }
    public LogLines Log { get; }

    public static Task<TestServer> StartAsync(params (string Key, string Value)[] configuration) =>
        StartAsync(NewDataDirectory(), FreePort(), configuration);

    /// <param name="add">What a program that embeds the server would add to it.</param>
    public static Task<TestServer> StartAsync(Action<IServiceCollection> add, params (string Key, string Value)[] configuration) =>
        StartAsync(NewDataDirectory(), FreePort(), add, configuration);

    /// <param name="dataDirectory">An earlier server's, to go on with what it stored.</param>
    public static Task<TestServer> StartAsync(string dataDirectory, int port, params (string Key, string Value)[] configuration) =>
        StartAsync(dataDirectory, port, _ => { }, configuration);

    private static async Task<TestServer> StartAsync(
        string dataDirectory,
        int port,
        Action<IServiceCollection> add,
        (string Key, string Value)[] configuration
    )
    {
        var keys = new Dictionary<string, string?>(Accounts)
        {
            ["Server:Address"] = $"localhost:{port}",
            ["Server:DataDirectory"] = dataDirectory,
            ["Server:StopDelay"] = "00:00:00",
            ["Downstream:BaseAddress"] = $"http://localhost:{port}",
            ["Limits:TokenPerMinute"] = "0", // 0: none, since the tests of one class share an address and a server
            ["Limits:FailedClientsPerMinute"] = "0",
            ["Limits:AuthorizePerMinute"] = "0",
            ["Limits:SignInPerMinute"] = "0",
            ["Limits:PagesPerMinute"] = "0",
            ["OAuth:Registration:PerMinute"] = "0",
        };
        // Accounts and clients of this server have no place where another one signs people in.
        var isElsewhere = configuration.Any(pair => pair.Key.StartsWith("Authority:", StringComparison.Ordinal));
        if (
            isElsewhere
            || (
                configuration.Any(pair => pair.Key.StartsWith("Upstream:", StringComparison.Ordinal))
                && !configuration.Contains(("Accounts:Local", "true"))
            )
        )
            foreach (
                var key in keys.Keys.Where(key =>
                    key.StartsWith("Accounts:", StringComparison.Ordinal)
                    || (isElsewhere && key.StartsWith("OAuth:", StringComparison.Ordinal))
                )
            )
                keys.Remove(key);
        foreach (var (key, value) in configuration)
            keys[key] = value;
        if (ChosenDatabase.IsPostgres && !isElsewhere && !keys.ContainsKey("ConnectionStrings:Database"))
            keys["ConnectionStrings:Database"] = await ChosenDatabase.OfAsync(dataDirectory, PreparedData.Fits(configuration));
        if (keys.GetValueOrDefault("ConnectionStrings:Database")?.StartsWith("Host", StringComparison.Ordinal) == true)
            keys.TryAdd("Protection:KeyFile", PostgresServer.KeyFile);
        if (keys.GetValueOrDefault("Accounts:Local") == "false")
            foreach (var seed in keys.Keys.Where(key => key.StartsWith("Accounts:Seed", StringComparison.Ordinal)).ToList())
                keys.Remove(seed);

        await PreparedData.CopyAsync(dataDirectory, configuration);
        var clock = new TestClock(DateTimeOffset.UtcNow);
        var log = new LogLines();
        var app = HttpServer.Build(keys, builder =>
            add(builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<ILogEventSink>(log))
        );
        if (!app.Environment.IsDevelopment())
            app.MapDevelopmentHttpBin();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestServer(app, dataDirectory, new Uri($"http://localhost:{port}"), clock, log);
    }

    public static string NewDataDirectory() => Path.Combine(Path.GetTempPath(), "oauthmcp-tests", Path.GetRandomFileName());

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort() => FreePorts.Next();

    /// <summary>What a cookie of the pages is called, on loopback.</summary>
    public string CookieName(string name) => $"oauthmcp-{name}-{Address.Port}";

    /// <summary>A client that follows no redirect and keeps no cookie.</summary>
    public HttpClient Http()
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (App.Services.GetRequiredService<ServerSettings>().PublicUrl.Scheme == "https")
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        return http;
    }

    public TestBrowser Browser() => BrowserSteps.At(Address);

    /// <summary>Stops the server and keeps its data, for the next one.</summary>
    public async Task StopAsync()
    {
        await App.StopAsync(TestContext.Current.CancellationToken);
        await App.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ChosenDatabase.RemoveAsync(DataDirectory);
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (Directory.Exists(DataDirectory))
            Directory.Delete(DataDirectory, recursive: true);
    }
}
