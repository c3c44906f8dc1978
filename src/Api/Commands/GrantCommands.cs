using System.CommandLine;
using OAuthMcp.Application.Tokens;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage what users allowed their clients.</summary>
internal static class GrantCommands
{
    public static Command Grants(AdminVerb admin)
    {
        var user = new Option<string?>("--user") { Description = "Only what this user allowed." };
        var client = new Option<string?>("--client") { Description = "Only what this client may do." };
        var id = new Argument<string>("grant") { Description = "The grant's id." };
        return new Command("grants", "Manage what users allowed their clients.")
        {
            admin.Verb(
                "list",
                "List the live grants: id, user, client, scopes, since when, last used, until when.",
                async (run, ct) =>
                {
                    var listed = await run.SendAsync(new ListGrantsQuery(run.Value(user), run.Value(client)), ct);
                    await run.PrintAsync(listed.Grants, grant => $"{grant.Id}  {Shown.Name(grant.UserName)}  {Line(grant)}");
                    if (listed.HasMore)
                        await Console.Error.WriteLineAsync(
                            $"These are the newest {ListGrantsQuery.Most}. Name a user or a client to see the others."
                        );
                },
                user,
                client
            ),
            admin.Verb(
                "revoke",
                "Revoke a grant: its tokens are refused at once, and its client has to ask the user again.",
                async (run, ct) =>
                {
                    var revoked = await run.SendAsync(new RevokeGrantCommand(run.Value(id)), ct);
                    await run.PrintAsync($"Revoked {revoked.Id}.", revoked);
                },
                id
            ),
        };
    }

    /// <summary>All but its id and its user.</summary>
    public static string Line(ListedGrant grant) =>
        $"{grant.ClientId}  {grant.Scope}  since {grant.CreatedAt:yyyy-MM-dd}  "
        + $"{(grant.LastUsedAt is { } used ? $"last used {Shown.Moment(used)}" : "never used")}  until {grant.ExpiresAt:yyyy-MM-dd}";
}
