using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Settings;
using OAuthMcp.Domain.Accounts;
using OAuthMcp.Domain.Authorize;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Tokens;
using OAuthMcp.Domain.Upstream;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Mapping;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Operations;

/// <summary>
/// Deletes what nobody needs any more, in batches, so that others write in between. What reveals a replay stays as long as its
/// grant, and a client for the life of a grant after its last one. It ends after a while, so that whoever calls it can look after other
/// things, and says whether it is through.
/// </summary>
internal sealed class CleanUp(OAuthDbContext db, OAuthSettings settings)
{
    /// <summary>How many rows are deleted in one transaction.</summary>
    public const int Batch = 300;

    // Each takes its code and up to six refresh tokens along, and whoever writes waits for the whole of it.
    private const int GrantBatch = 5;

    private static readonly TimeSpan UnusedClientLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan UnusedCodeLife = TimeSpan.FromHours(1);

    private readonly AuditCleanUp audit = new(db, settings);
    private Pace pace = new(TimeSpan.Zero);

    /// <summary>After how long it ends, though there may be something left.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromSeconds(30);

    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> RunAsync(DateTimeOffset now, CancellationToken ct)
    {
        await ForgetRequestsAsync(now, ct);
        await ForgetAsync(Expired(now), ct);
        await ForgetAsync([Told(now)], ct);
        await audit.ForgetOldAsync(now, ct);
        await ForgetGrantsAsync(Ended(now), markClients: true, now, ct);
        await ForgetGrantsAsync(Revoked(now), markClients: true, now, ct);
        await ForgetGrantsAsync(NeverUsed(now), markClients: false, now, ct);
        await ForgetClientsAsync(now, ct);
        await db.TidyAsync(ct);
        return !pace.IsOver;
    }

    /// <summary>
    /// Most of what strangers leave behind: requests and sign-ins that were given up, and events beyond the number that is kept.
    /// </summary>
    /// <returns>Whether nothing of it is left.</returns>
    public async Task<bool> ForgetRequestsAsync(DateTimeOffset now, CancellationToken ct)
    {
        pace = new Pace(Turn);
        await ForgetAsync([.. GivenUp(now), .. db.Notes(now, Batch)], ct);
        await audit.ForgetSurplusAsync(ct);
        return !pace.IsOver;
    }

    internal static IEnumerable<FormattableString> GivenUp(DateTimeOffset now) =>
        [
            Forget("AuthorizationRequests", "\"Id\"", "CreatedAt", now - AuthorizationRequest.Lifetime),
            Forget("UpstreamSignIns", "\"State\"", "CreatedAt", now - UpstreamSignIn.Lifetime),
        ];

    internal static IEnumerable<FormattableString> Expired(DateTimeOffset now) =>
        [
            Forget("RevokedAccessTokens", "\"JwtId\"", "ExpiresAt", now),
            Forget("UsedOnce", "\"Kind\", \"Id\"", "ExpiresAt", now),
            Forget("Consents", "\"Subject\", \"ClientId\"", "ExpiresAt", now),
            Forget("ProtocolSessions", "\"Id\"", "ExpiresAt", now),
            Forget("FailureCounts", "\"Kind\", \"Peer\", \"Minute\"", "Minute", now - TimeSpan.FromHours(1)),
            Forget("FailedSignIns", "\"Subject\", \"Place\"", "LastAt", now - 2 * FailedSignIns.Memory), // after the longest lockout too
        ];

    /// <summary>The newest entry stays, since the next one has its number plus one.</summary>
    internal static FormattableString Told(DateTimeOffset now) =>
        FormattableStringFactory.Create(
            "DELETE FROM \"Revocations\" WHERE \"Number\" IN (SELECT \"Number\" FROM \"Revocations\" WHERE \"At\" <= {0}"
                + $" AND \"Number\" < (SELECT MAX(\"Number\") FROM \"Revocations\") LIMIT {Batch})",
            now - RevocationFeed.Life
        );

    // A batch comes in the order of the index that finds it: in any other order all that is there would be looked at for each batch.
    internal IQueryable<Grant> Ended(DateTimeOffset now) =>
        db.Grants.Where(grant => grant.ExpiresAt <= now).OrderBy(grant => grant.ExpiresAt).Take(GrantBatch);

    /// <summary>Revoked so long ago that its last access token has ended. A token without grant is refused anyway.</summary>
    internal IQueryable<Grant> Revoked(DateTimeOffset now)
    {
        var lastRevoked = now - settings.AccessTokenLifetime;
        return db.Grants.Where(grant => grant.RevokedAt <= lastRevoked).OrderBy(grant => grant.RevokedAt).Take(GrantBatch);
    }

    /// <summary>Grants whose code was never redeemed.</summary>
    internal IQueryable<Grant> NeverUsed(DateTimeOffset now)
    {
        var lastExpired = now - UnusedCodeLife;
        return db
            .AuthorizationCodes.Where(code => code.RedeemedAt == null && code.ExpiresAt <= lastExpired)
            .Join(db.Grants, code => code.GrantId, grant => grant.Id, (code, grant) => new { code.ExpiresAt, grant })
            .OrderBy(unused => unused.ExpiresAt)
            .Select(unused => unused.grant)
            .Take(GrantBatch);
    }

    /// <summary>Clients that nothing refers to. They are read page by page outside of the queue of writers.</summary>
    internal IQueryable<string> Unused(DateTimeOffset now, string after) =>
        Unused(now).Where(client => client.Id.CompareTo(after) > 0).Select(client => client.Id);

    /// <summary>
    /// Which of these nothing refers to. The writer is held meanwhile, so nothing is asked of any other client, as a list of all
    /// unused ones to compare with would.
    /// </summary>
    internal IQueryable<Client> Unused(DateTimeOffset now, IReadOnlyCollection<string> among) =>
        Unused(now).Where(client => among.Contains(client.Id));

    private IQueryable<Client> Unused(DateTimeOffset now)
    {
        var (lastUnused, lastEnded) = (now - UnusedClientLife, now - settings.GrantLifetime);
        return db.Clients.Where(client =>
            client.Origin != ClientOrigin.PreRegistered
            && client.DisabledAt == null
            && client.CreatedAt <= lastUnused
            && (
                EF.Property<DateTimeOffset?>(client, ClientTable.LastGrantEndedAt) == null
                || EF.Property<DateTimeOffset?>(client, ClientTable.LastGrantEndedAt) <= lastEnded
            )
            && !db.Grants.Any(grant => grant.ClientId == client.Id)
            && !db.Consents.Any(consent => consent.ClientId == client.Id)
            && !db.AuthorizationRequests.Any(request => request.ClientId == client.Id)
        );
    }

    private static FormattableString Forget(string table, string key, string column, DateTimeOffset until) =>
        FormattableStringFactory.Create(
            $"DELETE FROM \"{table}\" WHERE ({key}) IN (SELECT {key} FROM \"{table}\" WHERE \"{column}\" <= {{0}} LIMIT {Batch})",
            until
        );

    private async Task ForgetAsync(IEnumerable<FormattableString> statements, CancellationToken ct)
    {
        foreach (var statement in statements)
            while (await Pace.ForgetAsync(() => db.WriteAsync(unit => unit.ExecuteAsync(statement), ct), ct) == Batch && !pace.IsOver) { }
    }

    // Codes and refresh tokens are deleted with their grant, since they reveal replays until then.
    private async Task ForgetGrantsAsync(IQueryable<Grant> firstEnded, bool markClients, DateTimeOffset now, CancellationToken ct)
    {
        List<Grant> batch;
        do
        {
            batch = await firstEnded.AsNoTracking().ToListAsync(ct);
            if (batch.Count == 0)
                return;
            var (ids, clients) = (batch.ConvertAll(grant => grant.Id), batch.Select(grant => grant.ClientId).Distinct().ToList());
            await Pace.ForgetAsync(() => db.InTransactionAsync(() => ForgetAsync(ids, markClients ? clients : [], now, ct), ct), ct);
        } while (batch.Count == GrantBatch && !pace.IsOver);
    }

    private async Task<int> ForgetAsync(List<string> grants, List<string> clients, DateTimeOffset now, CancellationToken ct)
    {
        if (clients.Count > 0)
            await db
                .Clients.Where(client => clients.Contains(client.Id))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(client => EF.Property<DateTimeOffset?>(client, ClientTable.LastGrantEndedAt), now),
                    ct
                );
        return await db.Grants.Where(grant => grants.Contains(grant.Id)).ExecuteDeleteAsync(ct);
    }

    private async Task ForgetClientsAsync(DateTimeOffset now, CancellationToken ct)
    {
        List<string> batch;
        var after = "";
        do
        {
            batch = await Unused(now, after).OrderBy(id => id).Take(Batch).ToListAsync(ct);
            if (batch.Count == 0)
                return;
            // Checked again in the same statement, since a user may have met the client meanwhile.
            await Pace.ForgetAsync(() => Unused(now, batch).ExecuteDeleteAsync(ct), ct);
            after = batch[^1];
        } while (batch.Count == Batch && !pace.IsOver);
    }
}
