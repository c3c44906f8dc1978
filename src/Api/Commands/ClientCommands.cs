using System.CommandLine;
using OAuthMcp.Api.Configuration;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage clients in the store; those of the configuration are managed there.</summary>
internal static class ClientCommands
{
    public static Command Clients(AdminVerb op)
    {
        var id = new Argument<string>("client-id") { Description = "The client's id." };
        var name = new Argument<string>("name") { Description = "What users read on the consent page." };
        var redirects = new Option<string[]>("--redirect-uri")
        {
            Description = "Where codes go; may be repeated. Without one the client is a machine.",
            AllowMultipleArgumentsPerToken = true,
        };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What a machine may have in its own name; may be repeated.",
            AllowMultipleArgumentsPerToken = true,
        };
        var isPublic = new Option<bool>("--public") { Description = "A client that cannot keep a secret." };
        var jwks = new Option<FileInfo>("--jwks")
        {
            Description = "File with the JWK set of a client that signs assertions instead of having a secret.",
        }.AcceptExistingOnly();
        return new Command("clients", "Manage clients.")
        {
            op.Verb(
                "add",
                "Add a client and print its id and, once, its secret.",
                async (parsed, services, ct) =>
                {
                    var keys = parsed.GetValue(jwks) is { } file ? await File.ReadAllTextAsync(file.FullName, ct) : null;
                    var secret = parsed.GetValue(isPublic) || keys is not null ? null : Secret.Generate();
                    var settings = services.GetRequiredService<OAuthSettings>();
                    var client = ConfiguredClients.Read(
                        new ClientOptions
                        {
                            ClientName = parsed.GetValue(name),
                            RedirectUris = parsed.GetValue(redirects) ?? [],
                            Scopes = [.. (parsed.GetValue(scopes) ?? []).SelectMany(scope => scope.Split(' '))],
                            ClientSecret = secret?.Reveal(),
                            Jwks = keys,
                        },
                        Identifier.New("cli"),
                        settings.PrivateUseSchemes,
                        settings.SupportedScopes
                    ) with
                    {
                        CreatedAt = TimeProvider.System.GetUtcNow(),
                    };
                    await services.GetRequiredService<IClientStore>().TryAddAsync(client, 0, ct);
                    await Console.Out.WriteLineAsync(
                        $"client_id      {client.Id}{(secret is null ? "" : $"\nclient_secret  {secret.Reveal()}  (shown this once)")}"
                    );
                },
                name,
                redirects,
                scopes,
                isPublic,
                jwks
            ),
            op.Verb("list", "List the clients.", async (_, services, ct) =>
            {
                foreach (var client in await services.GetRequiredService<IClientAdministration>().ListAsync(ct))
                    await Console.Out.WriteLineAsync(
                        $"{client.Id}  {Pages.ClientNames.Display(client.Name)}  {client.Origin}  {client.CreatedAt:yyyy-MM-dd}{(client.IsDisabled ? "  disabled" : "")}"
                    );
            }),
            op.Verb(
                "disable",
                "Disable a client: it cannot authenticate, and its tokens are refused at once.",
                async (parsed, services, ct) =>
                {
                    if (
                        !await services
                            .GetRequiredService<IClientAdministration>()
                            .TryDisableAsync(parsed.GetValue(id)!, TimeProvider.System.GetUtcNow(), ct)
                    )
                        throw NoSuch(parsed.GetValue(id));
                    await Console.Out.WriteLineAsync($"Disabled {parsed.GetValue(id)}.");
                },
                id
            ),
            op.Verb(
                "delete",
                "Delete a client and revoke what users granted it.",
                async (parsed, services, ct) =>
                {
                    var store = services.GetRequiredService<IClientStore>();
                    if (await store.FindAsync(parsed.GetValue(id)!, ct) is null)
                        throw NoSuch(parsed.GetValue(id));
                    await store.DeleteAsync(parsed.GetValue(id)!, TimeProvider.System.GetUtcNow(), ct);
                    await Console.Out.WriteLineAsync($"Deleted {parsed.GetValue(id)}.");
                },
                id
            ),
        };
    }

    private static ConfigurationException NoSuch(string? id) => new($"There is no client {id} in the store.");
}
