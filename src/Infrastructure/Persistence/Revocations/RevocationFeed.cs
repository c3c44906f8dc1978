using OAuthMcp.Application.Audit;

namespace OAuthMcp.Infrastructure.Persistence.Revocations;

/// <summary>
/// The one way to end tokens before their time: the act and the entry that tells every server of it are one transaction. An entry
/// names whose tokens are to be looked at again, and not what became of them, so that disabling and enabling are told alike and one
/// entry stands for any number of grants.
/// </summary>
internal sealed class RevocationFeed(Lazy<OAuthDbContext> db, RevocationList list, CurrentAct current, TimeProvider time)
{
    /// <summary>How long an entry is kept. A server that could not follow for longer reads each token's row once again.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>The id of <see cref="RevocationKind.Everything"/>.</summary>
    public const string All = "*";

    /// <param name="act">
    /// What it came to, and the id of that whose tokens changed, null where none did. It may be begun again, as in any transaction.
    /// </param>
    public Task<T> RevokeAsync<T>(RevocationKind kind, Func<Task<(T Result, string? Id)>> act, CancellationToken ct) =>
        RevokeEachAsync(
            kind,
            async () =>
            {
                var (result, id) = await act();
                return (result, id is null ? Array.Empty<string>() : [id]);
            },
            ct
        );

    /// <summary>The same with an entry for each of several ids.</summary>
    public async Task<T> RevokeEachAsync<T>(
        RevocationKind kind,
        Func<Task<(T Result, IReadOnlyList<string> Ids)>> act,
        CancellationToken ct
    )
    {
        try
        {
            var (result, written) = await db.Value.InTransactionAsync(
                async () =>
                {
                    var (result, ids) = await act();
                    if (ids is not [var first, ..])
                        return (result, null);
                    var written = await AuditAsync(kind, first, ct);
                    await AppendAsync(kind, ids, ct);
                    return (result, written);
                },
                ct
            );
            current.Written = written;
            return result;
        }
        finally
        {
            if (kind == RevocationKind.Session)
                list.Bell.Ring(); // no token is in doubt
            else
                list.Doubt(); // after a failure too, since the commit may have come through
        }
    }

    // Before the turn, which others wait for.
    private Task<AuditEvent?> AuditAsync(RevocationKind kind, string id, CancellationToken ct)
    {
        if (kind == RevocationKind.User)
            current.Subject ??= id;
        if (kind == RevocationKind.Client)
            current.ClientId ??= id;
        return db.Value.WriteAsync(unit => unit.RecordAsync(current), ct);
    }

    // A sequence gives 5 and 6 to two transactions at once, and 6 may be committed first: a server that has read 6 would never
    // look for 5. So one at a time appends, and the next finds its entry committed. The turn is taken last: whoever has it waits
    // for nobody.
    private async Task AppendAsync(RevocationKind kind, IReadOnlyList<string> ids, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await db.Value.WakeFollowersAsync(ct);
        await db.Value.TakeTurnAsync("Revocations", ct);
        foreach (var id in ids)
            await db.Value.WriteAsync(
                unit =>
                    unit.ExecuteAsync(
                        $"""
                        INSERT INTO "Revocations" ("Number", "Kind", "Id", "At")
                        SELECT COALESCE(MAX("Number"), 0) + 1, {kind}, {id}, {now} FROM "Revocations"
                        """
                    ),
                ct
            );
    }
}
