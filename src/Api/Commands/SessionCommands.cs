using System.CommandLine;
using OAuthMcp.Application.Accounts;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage sessions: those of MCP clients, and all of a user's.</summary>
internal static class SessionCommands
{
    private const string Browsers = "Browsers keep theirs themselves, so that those can only be ended all at once.";

    public static Command Sessions(AdminVerb admin)
    {
        var user = new Option<string?>("--user") { Description = "Only those of this user." };
        var all = new Option<string?>("--user") { Description = "End every session of this user, those of browsers too." };
        var id = new Argument<string?>("session") { Description = "The session's id.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("sessions", "Manage sessions.")
        {
            admin.Verb(
                "list",
                $"List the sessions of MCP clients: id, user, client, until when. {Browsers}",
                async (run, ct) =>
                {
                    var listed = await run.SendAsync(new ListSessionsQuery(run.Value(user)), ct);
                    await run.PrintAsync(listed.Sessions, Line);
                    if (listed.HasMore)
                        await Console.Error.WriteLineAsync(
                            $"These are the newest {ListSessionsQuery.Most}. Name a user to see the others."
                        );
                },
                user
            ),
            admin.Verb(
                "end",
                "End one session of an MCP client, or with --user all of a user, whose browsers then have to sign in again. "
                    + "What was allowed stays, so that clients open new sessions; grants revoke and users disable end that.",
                async (run, ct) =>
                {
                    var ended = await run.SendAsync(new EndSessionsCommand(run.Value(id), run.Value(all)), ct);
                    await run.PrintAsync(
                        ended.Browsers
                            ? $"Ended {Shown.Count(ended.Sessions, "session")} of MCP clients, and every session of a browser."
                            : $"Ended {run.Value(id)}.",
                        ended
                    );
                },
                id,
                all
            ),
        };
    }

    private static string Line(ListedSession session) =>
        $"{session.Id}  {Shown.Name(session.UserName ?? session.Subject)}  {Shown.Name(session.Client)}  "
        + $"until {Shown.Moment(session.ExpiresAt)}";
}
