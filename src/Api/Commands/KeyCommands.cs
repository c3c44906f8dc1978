using System.CommandLine;
using OAuthMcp.Application.Keys;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage signing keys.</summary>
internal static class KeyCommands
{
    public static Command Keys(AdminVerb admin)
    {
        var id = new Argument<string>("kid") { Description = "The key's id." };
        return new Command("keys", "Manage the keys that sign access tokens.")
        {
            admin.Verb("list", "List the keys: id, algorithm, from when it signs, until when it verifies.", async (run, ct) =>
                await run.PrintAsync((await run.SendAsync(new ListKeysQuery(), ct)).Keys, Line)
            ),
            admin.Verb(
                "rotate",
                "Add the next key. It is published at once and signs ten minutes later; "
                    + "the present one verifies as long as its tokens live.",
                async (run, ct) =>
                {
                    var next = await run.SendAsync(new RotateKeysCommand(), ct);
                    await run.PrintAsync(
                        $"Added {next.KeyId} ({next.Algorithm}), which signs from {next.ActiveFrom:u}.",
                        new
                        {
                            next.KeyId,
                            next.Algorithm,
                            next.ActiveFrom,
                        }
                    );
                }
            ),
            admin.Verb(
                "revoke",
                "Withdraw a key that somebody else may have. Its tokens open nothing within a second, and another key signs.",
                async (run, ct) =>
                {
                    var (key, next) = (run.Value(id)!, (await run.SendAsync(new RevokeKeyCommand(run.Value(id)), ct)).Next);
                    await run.PrintAsync(
                        next is null ? $"Revoked {key}." : $"Revoked {key}. {next.KeyId} ({next.Algorithm}) signs in its place.",
                        new { KeyId = key, Next = next?.KeyId }
                    );
                },
                id
            ),
        };
    }

    private static string Line(ListedKey key) =>
        $"{key.KeyId}  {key.Algorithm}  from {key.ActiveFrom:u}"
        + (
            key.IsRevoked ? "  revoked"
            : key.VerifiesUntil is { } end ? $"  until {end:u}"
            : ""
        );
}
