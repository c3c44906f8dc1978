using System.CommandLine;
using System.Text.RegularExpressions;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Keys;
using OAuthMcp.Domain.Upstream;
using Serilog;
using Serilog.Core;

namespace OAuthMcp.Api.Commands;

/// <summary>
/// The verbs and options of the program. An option is short for a configuration key, whose reader decides what it means.
/// </summary>
internal static partial class CommandLine
{
    private static readonly (string Name, string Key, string Help)[] Keys =
    [
        ("addr", "Server:Address", "Listen on :port, host:port or a URL."),
        ("urls", "Server:Address", "The same, as ASP.NET Core calls it."),
        ("public-url", "OAuth:PublicUrl", "The URL that clients and browsers use; https unless loopback."),
        ("transport", "Server:Transport", "http, or stdio with the token from API_KEY."),
        ("client_id", "Upstream:ClientId", "Client id at the provider where people sign in."),
        ("client_secret", "Upstream:ClientSecret", "Client secret there; better in the environment."),
        ("provider", "Upstream:Provider", $"{ProviderKind.Names}."),
        ("provider-url", "Upstream:BaseUrl", "A provider of one's own, or the OIDC issuer."),
        ("authority", "Authority:Issuer", "An external authorization server; this one then only validates."),
        ("database", "ConnectionStrings:Database", "Connection string of the database."),
        ("downstream", "Downstream:BaseAddress", "Base address of the API behind the tools."),
        ("log-level", "Serilog:MinimumLevel:Default", "Verbose, Debug, Information, Warning, Error or Fatal."),
    ];

    [GeneratedRegex($"^--?(?<key>({SectionNames.Pattern})(:[A-Za-z0-9]+)+)(=(?<value>.*))?$", RegexOptions.IgnoreCase)]
    private static partial Regex ConfigurationKey { get; }

    /// <param name="own">A program of one's own, which is put together already; null for this one, which its options put together.</param>
    /// <returns>0, or 1 after one sentence on standard error.</returns>
    public static async Task<int> RunAsync(string[] args, WebApplication? own = null)
    {
        try
        {
            own?.Services.GetService<StartFault>()?.ThrowIfAny();
            var keys = ConfigurationKeys(ref args);
            var root = Root(keys, own);
            // Options of such a program are its own matter, and in its configuration already.
            if (own is not null && args is [] or [['-', ..] and not ("--help" or "-h" or "-?"), ..])
                return await ServeAsync(own, CancellationToken.None);
            var parsed = root.Parse(args);
            Misspelt.ThrowIfAny(parsed);
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
            // The host of a server handles the signals, and gives running work more time than the command line.
            if (parsed.CommandResult.Command is RootCommand or { Name: "serve" })
                invocation.ProcessTerminationTimeout = null;
            return await parsed.InvokeAsync(invocation);
        }
        catch (Exception failure) when (Mendable.Explain(failure) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
    }

    private static RootCommand Root(Dictionary<string, string?> keys, WebApplication? own)
    {
        var options = Keys.Where(_ => own is null)
            .Select(key => new Option<string?>($"--{key.Name}", key.Name == "transport" ? ["-t"] : [])
            {
                Description = $"{key.Help} ({key.Key})",
                Recursive = true,
            })
            .ToArray();
        var admin = new AdminVerb(Compose);
        var serve = new Command("serve", "Start the server (the default).");
        var migrate = admin.Verb("migrate", "Bring the database to this version and stop; serve does so too.", (run, _) =>
            run.PrintAsync("The database is up to date.", new { IsUpToDate = true })
        );
        var restore = admin.Verb(
            "restore",
            "Finish putting a backup back: what was revoked after it is live again, so every grant, session and signing key ends.",
            async (run, ct) =>
            {
                var (key, ended) = (await run.SendAsync(new ReplaceKeysCommand(), ct), await run.SendAsync(new EndAllCommand(), ct));
                await run.PrintAsync(
                    $"Ended {ended.Grants} grants and every session; {key.KeyId} signs. Everybody signs in again.",
                    new { ended.Grants, key.KeyId }
                );
            }
        );
        var root = new RootCommand("OAuthMcp, an OAuth 2.1 protected MCP server.")
        {
            serve,
            UserCommands.Users(admin),
            ClientCommands.Clients(admin),
            GrantCommands.Grants(admin),
            SessionCommands.Sessions(admin),
            KeyCommands.Keys(admin),
            AuditCommands.Audit(admin, TimeProvider.System),
            TokenCommands.Token(admin),
            migrate,
            restore,
            new DoctorCommand(Compose, parsed => own?.Configuration ?? HttpServer.CreateBuilder(Overrides(parsed)).Configuration).Verb(),
        };
        foreach (var option in options)
            root.Add(option);
        root.Add(AdminVerb.Json);
        serve.SetAction(ServeThisAsync);
        root.SetAction(ServeThisAsync);
        return root;

        Task<int> ServeThisAsync(ParseResult parsed, CancellationToken ct) =>
            own is null ? ServeAsync(Overrides(parsed), ct) : ServeAsync(own, ct);

        WebApplication Compose(ParseResult parsed)
        {
            if (own is null)
                return HttpServer.Compose(Overrides(parsed), builder => builder.Services.AddSerilog(Logger.None));
            if (own.Services.GetService<LogSwitch>() is { } log)
                log.IsOff = true;
            return own;
        }

        Dictionary<string, string?> Overrides(ParseResult parsed)
        {
            foreach (var ((_, key, _), option) in Keys.Zip(options))
                if (parsed.GetValue(option) is { } value)
                    keys[key] = value;
            return keys;
        }
    }

    /// <summary>
    /// Takes <c>--Section:Key=value</c> and <c>--Section:Key value</c> out of the arguments, since every configuration key has that
    /// form too.
    /// </summary>
    private static Dictionary<string, string?> ConfigurationKeys(ref string[] args)
    {
        var (keys, rest) = (new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (ConfigurationKey.Match(args[i]) is not { Success: true } match)
                rest.Add(WithTwoDashes(args[i]));
            else if (match.Groups["value"].Success)
                keys[match.Groups["key"].Value] = match.Groups["value"].Value;
            else if (i + 1 < args.Length)
                keys[match.Groups["key"].Value] = args[++i];
            else
                throw new ConfigurationException($"{match.Groups["key"].Value} needs a value.");
        }

        args = [.. rest];
        return keys;
    }

    // Not by an alias, since help would then show the form with one dash.
    private static string WithTwoDashes(string argument) =>
        Keys.Any(key => argument.Split('=')[0] == $"-{key.Name}") ? $"-{argument}" : argument;

    private static async Task<int> ServeAsync(Dictionary<string, string?> overrides, CancellationToken ct)
    {
        var configuration = HttpServer.CreateBuilder(overrides).Configuration;
        if (configuration["Server:Transport"] == "stdio")
        {
            SectionNames.ThrowIfMisspelt(configuration);
            using var host = StdioServer.Build(overrides);
            await host.RunAsync(ct);
            return 0;
        }

        await using var app = HttpServer.Build(overrides);
        return await ServeAsync(app, ct);
    }

    private static async Task<int> ServeAsync(WebApplication app, CancellationToken ct)
    {
        if (app.Configuration["Server:Transport"] == "stdio")
            throw new ConfigurationException("Server:Transport: a program of one's own serves http alone.");
        try
        {
            await app.StartAsync(ct);
            if (app.Environment.IsDevelopment())
                await app.WelcomeAsync(app.Lifetime.ApplicationStopping);
            else
                await app.IntroduceAsync(app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Environment.ExitCode; // told to stop before it had started
        }

        await app.WaitForShutdownAsync(ct);
        return Environment.ExitCode;
    }
}
