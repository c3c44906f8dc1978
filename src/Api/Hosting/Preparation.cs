using System.Reflection;
using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Hosting;

/// <summary>Prepares the data between the configuration and the first request, and welcomes people at the first start.</summary>
internal static class Preparation
{
    /// <summary>For a server: migrates the database, loads the keys and adds the missing accounts of <c>Accounts:Seed</c>.</summary>
    /// <exception cref="ConfigurationException">The data directory, the database or a seeded account is unusable.</exception>
    public static async Task PrepareAsync(this IServiceProvider services, CancellationToken ct)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        if (settings.OAuth.Authority is not null)
            return; // it stores nothing
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Preparation));
        await services.PrepareDatabaseAsync(isServer: true, waiting => log.LogWarning("{Waiting}", waiting), ct);
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        await ExplainAsync(async () =>
        {
            await database.LoadKeysAsync(ct);
            return database;
        });

        if (settings.Seed is [])
            return;
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var accounts = scope.ServiceProvider.GetRequiredService<IAccountAdministration>();
        foreach (var seed in settings.Seed)
            if (
                !await IsThereAsync(seed)
                && (await mediator.Send(new AddAccountCommand(seed.UserName, Secret.OrNull(seed.Password)), ct)).Error is { } refusal
                && !await IsThereAsync(seed) // since another node may have added it meanwhile
            )
                throw new ConfigurationException($"Accounts:Seed: {refusal.Description}");

        async Task<bool> IsThereAsync(SeedAccount seed) => await accounts.FindAsync(seed.UserName ?? "", ct) is not null;
    }

    /// <summary>For a verb: prepares the database as a server would, without adding keys or accounts.</summary>
    /// <exception cref="ConfigurationException">The data directory or the database is unusable.</exception>
    public static async Task PrepareForVerbAsync(this IServiceProvider services, CancellationToken ct)
    {
        var database = await services.PrepareDatabaseAsync(isServer: false, Console.Error.WriteLine, ct);
        // A relative folder may be another than that of the server, so the verb says where the database is.
        if (database.IsNew)
            await Console.Error.WriteLineAsync($"Made a new database: {database.Place}");
        else if (!Path.IsPathRooted(services.GetRequiredService<IConfiguration>()["Server:DataDirectory"]))
            await Console.Error.WriteLineAsync($"Database: {database.Place}");
    }

    /// <summary>
    /// Cookies and keys are sealed by Data Protection, whose releases 10.0.0 to 10.0.6 accept forged payloads (CVE-2026-40372).
    /// </summary>
    /// <exception cref="ConfigurationException">This runtime has one of them.</exception>
    public static void ThrowIfForgeable()
    {
        var release = typeof(Microsoft.AspNetCore.DataProtection.DataProtectionProvider)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+', '-')[0];
        if (Version.TryParse(release, out var version) && version >= new Version(10, 0, 0) && version < new Version(10, 0, 7))
            throw new ConfigurationException($"The ASP.NET Core runtime {version} is unsafe (CVE-2026-40372); install 10.0.7 or newer.");
    }

    /// <summary>Lets one server run on a SQLite file.</summary>
    /// <returns>The lock; null where none is needed.</returns>
    /// <exception cref="ConfigurationException">Another server runs on it.</exception>
    public static async Task<IDisposable?> LockDatabaseAsync(this IServiceProvider services, CancellationToken ct)
    {
        if (services.GetRequiredService<ServerSettings>().OAuth.Authority is not null)
            return null;
        PrepareDataDirectory(services.GetRequiredService<DataDirectory>());
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        return await ExplainAsync(() => database.LockAsync(ct));
    }

    /// <summary>For the first start in Development: an account to sign in with, and how to connect.</summary>
    public static async Task WelcomeAsync(this WebApplication app, CancellationToken ct)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        await app.Services.GetRequiredService<Readiness>().Prepared.WaitAsync(ct);
        var address = settings.OAuth.Resource.Canonical;
        await using var scope = app.Services.CreateAsyncScope();
        var lines = new List<string> { "", $"{settings.OAuth.Brand.Name} listens on {address}" };
        var accounts = settings.OAuth is { Authority: null, LocalAccounts: true }
            ? await scope.ServiceProvider.GetRequiredService<IAccountAdministration>().ListAsync(ct)
            : null;
        if (accounts is { Count: > 0 })
            lines.Add(Introduction.Remind(accounts, settings.OAuth.Issuer, app.Environment));
        else if (accounts is not null)
        {
            var password = Secret.Generate().Reveal()[..16];
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AddAccountCommand("demo", new Secret(password)), ct);
            lines.Add($"Sign in as demo with the password {password} at {settings.OAuth.Issuer}/signin (shown this once)");
        }

        lines.AddRange(
            settings.OAuth.Providers.Select(provider =>
                $"The callback URL to register at {provider.DisplayName}: {settings.OAuth.Issuer}{provider.CallbackPath}"
            )
        );
        lines.Add($"Claude Code: claude mcp add --transport http {settings.OAuth.Brand.Handle} {address}");
        lines.Add($"Inspector:   npx @modelcontextprotocol/inspector, then Streamable HTTP and {address}");
        lines.Add("");
        // At once, so that no line of the log comes between.
        await Console.Out.WriteAsync(string.Concat(lines.Select(line => line + Environment.NewLine)));
    }

    private static async Task<PreparedDatabase> PrepareDatabaseAsync(
        this IServiceProvider services,
        bool isServer,
        Action<string> say,
        CancellationToken ct
    )
    {
        PrepareDataDirectory(services.GetRequiredService<DataDirectory>());
        await using var scope = services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<Database>();
        return await ExplainAsync(() => database.PrepareAsync(isServer, say, ct));
    }

    private static async Task<T> ExplainAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DatabaseException failure)
        {
            throw new ConfigurationException($"ConnectionStrings:Database: {failure.Message}");
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new ConfigurationException($"ConnectionStrings:Database: {failure.Message}");
        }
    }

    private static void PrepareDataDirectory(DataDirectory data)
    {
        try
        {
            data.Prepare();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"Server:DataDirectory: cannot write to {data.Path}.");
        }
        catch (InvalidDataException)
        {
            throw new ConfigurationException(
                $"Server:DataDirectory: {data.Path} holds keys but no database; restore the database, or remove the keys to begin anew."
            );
        }
    }
}
