using System.CommandLine;
using OAuthMcp.Infrastructure.Operations;

namespace OAuthMcp.Api.Commands;

/// <summary>The verbs that manage signing keys.</summary>
internal static class KeyCommands
{
    public static Command Keys(AdminVerb op) =>
        new("keys", "Manage the keys that sign access tokens.")
        {
            op.Verb("list", "List the keys: id, algorithm, from when it signs, until when it verifies.", async (_, services, _) =>
            {
                foreach (var (id, algorithm, activeFrom, verifiesUntil) in services.GetRequiredService<Database>().SigningKeys)
                    await Console.Out.WriteLineAsync(
                        $"{id}  {algorithm}  from {activeFrom:u}{(verifiesUntil is { } end ? $"  until {end:u}" : "")}"
                    );
            }),
            op.Verb(
                "rotate",
                "Add the next key. It is published at once and signs ten minutes later; the present one verifies as long as its tokens live.",
                async (_, services, ct) =>
                {
                    var (id, activeFrom) = await services
                        .GetRequiredService<Database>()
                        .RotateKeysAsync(TimeProvider.System.GetUtcNow(), ct);
                    await Console.Out.WriteLineAsync($"Added {id}, which signs from {activeFrom:u}.");
                }
            ),
        };
}
