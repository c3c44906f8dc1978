using System.Reflection;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Pages;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Hosting;

/// <summary>What a server says of itself once it serves, and what an operator still has to give it.</summary>
internal static class Introduction
{
    private const int Named = 3;

    private static readonly string Version = typeof(Introduction)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
        ?.InformationalVersion
        ?? "";

    /// <summary>In Production, in the log: version, public URL, data and accounts, and a line for each thing that is missing.</summary>
    public static async Task IntroduceAsync(this WebApplication app, CancellationToken ct)
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Introduction));
        await app.Services.GetRequiredService<Readiness>().Prepared.WaitAsync(ct);
        if (settings.OAuth.Authority is { } authority)
            log.LogInformation(
                "OAuthMcp {Version:l} serves {Resource:l} to tokens of {Issuer:l}.",
                Version,
                settings.OAuth.Resource.Canonical,
                authority.Issuer
            );
        else
        {
            await using var scope = app.Services.CreateAsyncScope();
            var accounts = await scope.ServiceProvider.GetRequiredService<IAccountAdministration>().CountAsync(ct);
            log.LogInformation(
                "OAuthMcp {Version:l} serves {Resource:l}; its data is in {Place:l}; accounts: {Accounts}.",
                Version,
                settings.OAuth.Resource.Canonical,
                await app.Services.FindPlaceAsync(ct),
                accounts
            );
            if (accounts == 0 && settings.OAuth.Providers.Count == 0)
                log.LogWarning(
                    "Nobody can sign in yet: add an account with `{Program:l} users add <name>`.",
                    app.Environment.ApplicationName
                );
        }

        log.NameMissing(settings);
    }

    /// <summary>In Development, at every start but the first: who can sign in, and how to get in without the password.</summary>
    public static string Remind(IReadOnlyList<ListedAccount> accounts, string issuer, IHostEnvironment environment)
    {
        var run = environment.ApplicationName == typeof(Introduction).Assembly.GetName().Name ? " --project src/Api" : "";
        var names = string.Join(", ", accounts.Take(Named).Select(account => ClientNames.Display(account.UserName)));
        var more = accounts.Count > Named ? $" and {accounts.Count - Named} more" : "";
        var one = accounts.Count == 1 ? names : "<name>";
        return $"Sign in as {names}{more} at {issuer}/signin (a new password: dotnet run{run} -- users set-password {one})";
    }

    private static void NameMissing(this ILogger log, ServerSettings settings)
    {
        if (!settings.HasPublicUrl)
            log.LogWarning("OAuth:PublicUrl is not set: {PublicUrl:l} is for clients on this machine alone.", settings.OAuth.Issuer);
        else if (
            settings.PublicUrl.Scheme == "https"
            && settings.TrustedProxies.Count == 0
            && settings.ListenUrls.All(url => url.StartsWith("http:", StringComparison.Ordinal))
        )
            log.LogWarning(
                "Server:TrustedProxies is empty: whoever ends TLS in front of this server has to be named there, "
                    + "or each sign-in and token is refused as plain http."
            );
    }
}
