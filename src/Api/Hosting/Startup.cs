using System.Reflection;
using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Operations;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Api.Hosting;

/// <summary>What happens between the configuration and the first request.</summary>
internal static class Startup
{
    /// <summary>Migrates the database, loads the keys and adds the accounts of <c>Accounts:Seed</c> that are missing.</summary>
    /// <exception cref="ConfigurationException">The data directory or a seeded account is unusable.</exception>
    public static async Task PrepareAsync(this WebApplication app, CancellationToken ct)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        if (settings.OAuth.Authority is not null)
            return; // it stores nothing
        PrepareDataDirectory(app.Services.GetRequiredService<DataDirectory>());
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Database>().PrepareAsync(ct);

        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        var known = await scope.ServiceProvider.GetRequiredService<IAccounts>().ListAsync(ct);
        foreach (
            var seed in settings.Seed.Where(seed =>
                !known.Any(account => account.UserName.Equals(seed.UserName, StringComparison.OrdinalIgnoreCase))
            )
        )
            if ((await mediator.Send(new AddAccountCommand(seed.UserName, Secret.OrNull(seed.Password)), ct)).Error is { } refusal)
                throw new ConfigurationException($"Accounts:Seed: {refusal.Description}");
    }

    /// <summary>
    /// Cookies and keys are sealed by Data Protection, whose releases 10.0.0 to 10.0.6 accept forged payloads (CVE-2026-40372).
    /// </summary>
    /// <exception cref="ConfigurationException">This runtime has one of them.</exception>
    public static void RefuseForgeableRuntime()
    {
        var release = typeof(Microsoft.AspNetCore.DataProtection.DataProtectionProvider)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+', '-')[0];
        if (Version.TryParse(release, out var version) && version >= new Version(10, 0, 0) && version < new Version(10, 0, 7))
            throw new ConfigurationException($"The ASP.NET Core runtime {version} is unsafe (CVE-2026-40372); install 10.0.7 or newer.");
    }

    /// <summary>
    /// Says where the callers' tokens go. MCP authorization, "Security Considerations", forbids passing a received token on:
    /// this is for an API on the same machine, and who sends tokens farther should have read so once.
    /// </summary>
    public static void WarnOfTokensElsewhere(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        if (settings.SendsTokensElsewhere && !app.Environment.IsDevelopment())
            app.Logger.LogWarning(
                "Downstream:BaseAddress {Address} is another machine: the tools send each caller's access token there, and whoever reads it there can use it here until it expires.",
                settings.Downstream
            );
    }

    /// <summary>Says that everybody may enter who has an account at a service that gives one to everybody.</summary>
    public static void WarnOfOpenDoor(this WebApplication app)
    {
        foreach (var provider in app.Services.GetRequiredService<OAuthSettings>().Providers.Where(provider => provider.IsOpenToAll))
            app.Logger.LogWarning(
                "Upstream: everybody with an account at {Address} may sign in; AllowedUsers, AllowedGroups and AllowedEmailDomains say who may.",
                provider.BaseUrl
            );
    }

    /// <summary>One server a data directory.</summary>
    /// <returns>Null where nothing is stored.</returns>
    public static FileStream? LockDataDirectory(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServerSettings>().OAuth.Authority is not null)
            return null;
        var data = app.Services.GetRequiredService<DataDirectory>();
        PrepareDataDirectory(data);
        try
        {
            return data.Lock();
        }
        catch (IOException)
        {
            throw new ConfigurationException($"Server:DataDirectory: another server is running on {data.Path}.");
        }
    }

    /// <summary>For the first start in Development: an account to sign in with, and how to connect.</summary>
    public static async Task WelcomeAsync(this WebApplication app, CancellationToken ct)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        var address = settings.OAuth.Resource.Canonical;
        await using var scope = app.Services.CreateAsyncScope();
        await Console.Out.WriteLineAsync($"\nOAuthMcp listens on {address}");
        if (
            settings.OAuth is { Authority: null, LocalAccounts: true }
            && (await scope.ServiceProvider.GetRequiredService<IAccounts>().ListAsync(ct)).Count == 0
        )
        {
            var password = Secret.Generate().Reveal()[..16];
            await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new AddAccountCommand("demo", new Secret(password)), ct);
            await Console.Out.WriteLineAsync(
                $"Sign in as demo with the password {password} at {settings.OAuth.Issuer}/signin (shown this once)"
            );
        }

        foreach (var provider in settings.OAuth.Providers)
            await Console.Out.WriteLineAsync(
                $"The callback URL to register at {provider.DisplayName}: {settings.OAuth.Issuer}{provider.CallbackPath}"
            );
        await Console.Out.WriteLineAsync(
            $"""
            Claude Code: claude mcp add --transport http oauthmcp {address}
            Inspector:   npx @modelcontextprotocol/inspector, then Streamable HTTP and {address}

            """
        );
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
