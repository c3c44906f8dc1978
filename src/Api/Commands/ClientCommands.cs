using System.CommandLine;
using OAuthMcp.Application.Clients;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage stored clients. Those of the configuration are managed in its files.</summary>
internal static class ClientCommands
{
    public static Command Clients(AdminVerb admin)
    {
        var id = new Argument<string>("client-id") { Description = "The client's id." };
        return new Command("clients", "Manage clients.")
        {
            Add(admin),
            admin.Verb("list", "List the clients.", async (run, ct) =>
                await run.PrintAsync((await run.SendAsync(new ListClientsQuery(), ct)).Clients, Line)
            ),
            admin.Verb(
                "disable",
                "Disable a client: it cannot authenticate, and its tokens are refused at once.",
                async (run, ct) =>
                {
                    var client = await run.SendAsync(new DisableClientCommand(run.Value(id)), ct);
                    await run.PrintAsync($"Disabled {client.ClientId}.", client);
                },
                id
            ),
            admin.Verb(
                "delete",
                "Delete a client and revoke what users granted it.",
                async (run, ct) =>
                {
                    var client = await run.SendAsync(new DeleteClientCommand(run.Value(id)), ct);
                    await run.PrintAsync($"Deleted {client.ClientId}.", client);
                },
                id
            ),
        };
    }

    private static Command Add(AdminVerb admin)
    {
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
        return admin.Verb(
            "add",
            "Add a client and print its id and, once, its secret.",
            async (run, ct) =>
            {
                var added = await run.SendAsync(
                    new AddClientCommand(
                        run.Value(name),
                        run.Value(redirects) ?? [],
                        [.. (run.Value(scopes) ?? []).SelectMany(scope => scope.Split(' '))],
                        run.Value(isPublic),
                        run.Value(jwks) is { } file ? await File.ReadAllTextAsync(file.FullName, ct) : null
                    ),
                    ct
                );
                var secret = added.Secret?.Reveal();
                await run.PrintAsync(
                    $"client_id      {added.ClientId}{(secret is null ? "" : $"\nclient_secret  {secret}  (shown this once)")}",
                    new { added.ClientId, ClientSecret = secret }
                );
            },
            name,
            redirects,
            scopes,
            isPublic,
            jwks
        );
    }

    private static string Line(ListedClient client) =>
        $"{client.ClientId}  {Pages.ClientNames.Display(client.Name)}  {client.Origin}  {client.CreatedAt:yyyy-MM-dd}"
        + (client.IsDisabled ? "  disabled" : "");
}
