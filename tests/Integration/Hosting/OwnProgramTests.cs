using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using OAuthMcp.Api;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Api.Mcp;

namespace OAuthMcp.Integration.Hosting;

/// <summary>A program of one's own on the composition, which forgets to prepare: it is as safe as this one.</summary>
public sealed class OwnProgramTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ProgramLog log = new();
    private readonly int port = TestServer.FreePort();

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task M10_prepares_its_data_for_itself_alone_before_it_listens()
    {
        await using var app = Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(folder.Path, "data", "oauthmcp.db"))
        );
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Combine(folder.Path, "data", "keys"))
        );
        using var http = new HttpClient();
        var keys = await http.GetFromJsonAsync<JsonObject>(
            $"http://localhost:{port}/.well-known/jwks.json",
            TestContext.Current.CancellationToken
        );
        Assert.NotEmpty(keys!["keys"]!.AsArray());
    }

    [Fact]
    public async Task M10_shares_its_data_with_no_other_server()
    {
        await using var first = Build();
        await first.StartAsync(TestContext.Current.CancellationToken);
        await using var second = Build();
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => second.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("another server is running on", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task M10_may_prepare_earlier_too()
    {
        await using var app = Build();
        await app.PrepareOAuthMcpAsync(TestContext.Current.CancellationToken);
        await app.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task U_09_is_warned_that_tokens_go_to_the_public_httpbin()
    {
        await using var app = Build(server => server.WithDemonstrationTools());
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Single(log.Lines, line =>
            line.StartsWith("Warning Downstream:BaseAddress https://httpbin.org/ is another machine", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Is_not_warned_of_an_API_that_no_tool_of_its_calls()
    {
        await using var app = Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(log.Lines, line => line.Contains("httpbin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Has_the_tools_that_it_was_given_and_writes_no_statement_into_the_log()
    {
        await using var app = Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("write_report", Assert.Single(app.Services.GetServices<McpServerTool>()).ProtocolTool.Name);
        using var http = new HttpClient();
        await http.GetStringAsync($"http://localhost:{port}/health/ready", TestContext.Current.CancellationToken);
        Assert.Contains(log.Lines, line => line.Contains("Now listening on", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("DbCommand", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Has_the_verbs_the_banner_and_the_address_that_it_is_given()
    {
        string[] program = [Path.Combine(AppContext.BaseDirectory, "OAuthMcp.ConformanceHost.dll")];
        string[] where = [$"--Server:DataDirectory={folder.Path}/data"];
        await using (var add = ServerProcess.StartProgram(ServerProcess.Dotnet, [.. program, "users", "add", "alice", .. where]))
        {
            await add.Process.StandardInput.WriteAsync(TestServer.Password + "\n");
            add.Process.StandardInput.Close();
            await add.ExitAsync();
            Assert.True(add.Process.ExitCode == 0, add.Output + add.Error);
            Assert.Matches(@"^Added alice \(usr_\S+\)\.\n$", add.Output);
        }

        foreach (
            var (arguments, sentence) in new (string[], string)[]
            {
                (["users", "ad", "alice"], "Did you mean add?"),
                (["user", "add", "alice"], "Did you mean users?"),
                (["--Server:Transport=stdio"], "Server:Transport: a program of one's own serves http alone."),
                (["--OAuth:PublicUrl=http://mcp.example.com"], "OAuth:PublicUrl must be https unless its host is loopback."),
                (["--Mcp:ChallengeScopes:0=reports"], "Mcp:ChallengeScopes must name some of"),
                (["--Mcp:RequireDeclaredScopes=true"], "and the tool test_simple_text declares none"),
            }
        )
        {
            await using var wrong = ServerProcess.StartProgram(ServerProcess.Dotnet, [.. program, .. arguments, .. where]);
            await wrong.ExitAsync();
            Assert.Equal((1, ""), (wrong.Process.ExitCode, wrong.Output));
            Assert.Contains(sentence, wrong.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", wrong.Error, StringComparison.Ordinal);
        }

        await using var serve = ServerProcess.StartProgram(
            ServerProcess.Dotnet,
            [.. program, "--urls", $"http://localhost:{port}", "--environment", "Development", .. where]
        );
        await serve.SaysAsync(
            $"Sign in as alice at http://localhost:{port}/signin (a new password: dotnet run -- users set-password alice)"
        );
        using var http = new HttpClient();
        var metadata = await http.GetFromJsonAsync<JsonObject>(
            $"http://localhost:{port}/.well-known/oauth-authorization-server",
            TestContext.Current.CancellationToken
        );
        Assert.Equal($"http://localhost:{port}", (string?)metadata!["issuer"]);
        // The API behind is its own in Development, so that no token leaves the machine.
        await http.GetStringAsync($"http://localhost:{port}/anything", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("SELECT", serve.Output, StringComparison.Ordinal);
        serve.Terminate();
        await serve.ExitAsync();
        Assert.Equal(0, serve.Process.ExitCode);
    }

    [Fact]
    public async Task Says_what_is_wrong_with_how_it_was_put_together()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddOAuthMcp(builder.Configuration);
        Assert.StartsWith(
            "AddOAuthMcp is called twice",
            Assert.Throws<InvalidOperationException>(() => builder.Services.AddOAuthMcp(builder.Configuration)).Message,
            StringComparison.Ordinal
        );
        await using var empty = WebApplication.CreateBuilder().Build();
        Assert.StartsWith(
            "MapOAuthMcp needs builder.AddOAuthMcp()",
            Assert.Throws<InvalidOperationException>(empty.MapOAuthMcp).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Serves_nothing_on_a_configuration_that_is_wrong_however_it_is_run()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["OAuth:PublicUrl"] = "http://mcp.example.com";
        builder.AddOAuthMcp().WithDemonstrationTools();
        await using var app = builder.Build();
        app.MapOAuthMcp();
        var failure = await Assert.ThrowsAsync<ConfigurationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("OAuth:PublicUrl must be https", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Has_something_to_serve()
    {
        var failure = Assert.Throws<ConfigurationException>(() => Build(server => Remove<McpServerTool>(server.Services)));
        Assert.Equal("This server has no tool: chain .WithTools<MyTools>() to AddOAuthMcp().", failure.Message);
        using var prompts = Build(server => Remove<McpServerTool>(server.WithPrompts([McpServerPrompt.Create(() => "ask")]).Services));
        using var listed = Build(server => Remove<McpServerTool>(ListsItself(server).Services));
        failure = Assert.Throws<ConfigurationException>(() => Build(server => ListsItself(server), ("Mcp:RequireDeclaredScopes", "true")));
        Assert.Equal("Mcp:RequireDeclaredScopes is on, and the tools that a ListToolsHandler lists cannot declare any.", failure.Message);

        static IMcpServerBuilder ListsItself(IMcpServerBuilder server) =>
            server.WithListToolsHandler((_, _) => ValueTask.FromResult(new ListToolsResult()));
    }

    [Fact]
    public void Declares_scopes_that_a_tool_requires_once_and_in_words()
    {
        var failure = Assert.Throws<ConfigurationException>(() => Build(server => server.AddScope("reports.wirte", "Write reports")));
        Assert.Equal("AddScope(reports.wirte) names a scope that no tool requires; they require mcp.read reports.write.", failure.Message);
        Assert.Throws<ArgumentException>(() => Build(server => server.AddScope("reports.write", " ")));
        Assert.Throws<ArgumentException>(() => Build(server => server.AddScope("reports.write", new string('x', 201))));
        Assert.Throws<ArgumentException>(() =>
            Build(server => server.AddScope("reports.write", "Write reports").AddScope("reports.write", "Write"))
        );
    }

    private static void Remove<T>(IServiceCollection services)
    {
        foreach (var service in services.Where(service => service.ServiceType == typeof(T)).ToList())
            services.Remove(service);
    }

    [Fact]
    public async Task M10_keeps_the_query_of_a_callback_out_of_the_log()
    {
        await using var app = Build(("Logging:LogLevel:Default", "Trace"), ("Logging:Lines:LogLevel:Microsoft.AspNetCore", "Trace"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(
            $"http://localhost:{port}/signin/callback?state=abc&code=hidden-code",
            TestContext.Current.CancellationToken
        );
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(log.Lines, line => line.Contains("hidden-code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task M10_gives_the_scopes_of_every_tool_wherever_it_comes_from()
    {
        await using var app = Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        foreach (var document in new[] { "oauth-authorization-server", "oauth-protected-resource" })
        {
            var metadata = await http.GetFromJsonAsync<JsonObject>(
                $"http://localhost:{port}/.well-known/{document}",
                TestContext.Current.CancellationToken
            );
            Assert.Contains("reports.write", metadata!["scopes_supported"]!.AsArray().Select(scope => (string?)scope));
        }
    }

    [Fact]
    public void M10_takes_a_scope_of_such_a_tool_in_the_configuration()
    {
        using var app = Build(("Mcp:ChallengeScopes", "mcp.read reports.write"));
        var failure = Assert.Throws<ConfigurationException>(() => Build(("Mcp:ChallengeScopes", "mcp.read reports.delete")));
        Assert.StartsWith("Mcp:ChallengeScopes must name some of", failure.Message, StringComparison.Ordinal);
    }

    private WebApplication Build(params (string Key, string Value)[] configuration) => Build(_ => { }, configuration);

    private WebApplication Build(Action<IMcpServerBuilder> add, params (string Key, string Value)[] configuration)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { ApplicationName = typeof(OwnProgramTests).Assembly.GetName().Name, ContentRootPath = folder.Path }
        );
        builder.Configuration["OAuth:PublicUrl"] = $"http://localhost:{port}";
        foreach (var (key, value) in configuration)
            builder.Configuration[key] = value;
        builder.WebHost.UseUrls($"http://localhost:{port}");
        builder.Logging.ClearProviders().AddProvider(log);
        var server = builder
            .Services.AddOAuthMcp(builder.Configuration)
            .WithTools([
                McpServerTool.Create(
                    () => "written",
                    new McpServerToolCreateOptions
                    {
                        Name = "write_report",
                        Description = "Writes a report.",
                        Metadata = [new RequiresScopeAttribute("reports.write")],
                    }
                ),
            ]);
        add(server);
        var app = builder.Build();
        app.MapOAuthMcp();
        return app;
    }

    public void Dispose()
    {
        log.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        folder.Dispose();
    }
}
