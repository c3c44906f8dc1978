using MediatR;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Api.Hosting;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Doctor;

/// <summary>What can be seen with the configuration of the server at hand: its data, and the servers that it needs.</summary>
internal static class LocalChecks
{
    // Where the documents of clients lie that many people have.
    private static readonly (string Host, string Client)[] WellKnown =
    [
        ("claude.ai", "Claude and Claude Code"),
        ("vscode.dev", "VS Code"),
        ("chatgpt.com", "ChatGPT"),
    ];

    /// <param name="services">Those of a server that was not started.</param>
    public static IReadOnlyList<Check> Of(IServiceProvider services)
    {
        var settings = services.GetRequiredService<ServerSettings>();
        return
        [
            Local("configuration", (_, _) => Task.FromResult(Configuration(settings))),
            .. settings.OAuth.Authority is null ? OfData(services, settings.OAuth) : [],
            Local("downstream", (_, ct) => RemoteLook.AtAsync(settings.Downstream.BaseAddress, settings.Downstream.Proxy, ct)),
            .. settings.OAuth.Providers.Select(provider =>
                Local($"provider {provider.Name}", (_, ct) => RemoteLook.AtProviderAsync(provider, ct))
            ),
        ];
    }

    private static Check[] OfData(IServiceProvider services, OAuthSettings settings) =>
        [
            Local("database", (_, ct) => DatabaseAsync(services, ct)),
            Local("signing keys", (_, ct) => KeysAsync(services, ct)),
            Local("accounts", (_, ct) => AccountsAsync(services, settings, ct)),
            Local("document hosts", (_, _) => Task.FromResult(DocumentHosts(settings))),
        ];

    private static Check Local(string name, Func<Visit, CancellationToken, Task<Finding>> look) => new(name, look) { IsLocal = true };

    private static Finding Configuration(ServerSettings settings) =>
        settings.HasPublicUrl ? Finding.Ok($"OAuth:PublicUrl is {settings.OAuth.Issuer}.")
        : settings.ListenUrls.Any(url => url.Contains("://*", StringComparison.Ordinal))
            ? Finding.Fault(
                $"It listens on every interface and answers for {settings.OAuth.Issuer} alone.",
                "Set OAuth:PublicUrl to the URL that clients use."
            )
        : Finding.Note($"OAuth:PublicUrl is not set, so {settings.OAuth.Issuer} is for this machine alone.");

    private static async Task<Finding> DatabaseAsync(IServiceProvider services, CancellationToken ct)
    {
        var (trouble, warning) = await services.FindTroubleAsync(ct);
        return trouble is not null
                ? Finding.Fault(
                    trouble,
                    $"Run this where the server runs, or with its options (--database, --Server:DataDirectory): {Place(services)}."
                )
            : warning is not null ? Finding.Note(warning)
            : Finding.Ok($"{await services.FindPlaceAsync(ct)}, of this version, takes writes.");
    }

    private static string Place(IServiceProvider services) =>
        services.GetRequiredService<ServerSettings>() is { Database: null } settings
            ? $"it looked in {Path.GetFullPath(settings.DataDirectory)}"
            : "it looked where ConnectionStrings:Database says";

    private static async Task<Finding> KeysAsync(IServiceProvider services, CancellationToken ct) =>
        (await services.FindTroubleAsync(ct)).Trouble is not null ? Finding.Skip("There is no database to look at.")
        : await services.FindKeyTroubleAsync(ct) is { } trouble
            ? Finding.Fault(
                $"The signing keys cannot be used: {trouble}",
                "Name the key ring's folder and certificate as the server does (Server:DataDirectory, Protection), or restore them."
            )
        : Finding.Ok("They can be unsealed.");

    private static async Task<Finding> AccountsAsync(IServiceProvider services, OAuthSettings settings, CancellationToken ct)
    {
        if ((await services.FindTroubleAsync(ct)).Trouble is not null)
            return Finding.Skip("There is no database to look at.");
        await using var scope = services.CreateAsyncScope();
        var answer = await scope.ServiceProvider.GetRequiredService<IMediator>().Send(new ListAccountsQuery(), ct);
        if (!answer.Try(out var listed, out var refusal))
            return Finding.Note(refusal.Description);
        var able = listed.Accounts.Count(account => !account.IsDisabled);
        return able > 0 || settings.Providers.Count > 0
            ? Finding.Ok($"{listed.Accounts.Count}, of them {able} enabled.")
            : Finding.Fault("Nobody has an account that can sign in.", "Add one: `users add <name>`.");
    }

    private static Finding DocumentHosts(OAuthSettings settings)
    {
        if (settings.MetadataDocuments is not { } policy)
            return Finding.Skip("Documents of clients are switched off.");
        var missing = WellKnown
            .Where(known => policy.AllowedHosts.Count > 0 && !policy.AllowedHosts.Contains(known.Host, StringComparer.OrdinalIgnoreCase))
            .ToList();
        return missing.Count == 0
            ? Finding.Ok($"Documents of {string.Join(", ", WellKnown.Select(known => known.Client))} are allowed.")
            : Finding.Note(
                $"Documents of {string.Join(", ", missing.Select(known => known.Client))} are not allowed.",
                $"Add {string.Join(", ", missing.Select(known => known.Host))} to OAuth:ClientMetadataDocuments:AllowedHosts, "
                    + "unless that is meant."
            );
    }
}
