using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Infrastructure.Persistence.Mapping;
using OAuthMcp.Infrastructure.Persistence.Revocations;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ClientStore(OAuthDbContext db, RevocationFeed revocations) : IClientStore, IClientAdministration
{
    private static readonly HotQuery<Client> ById = new("\"Id\" = @p0");

    public Task<bool> TryAddAsync(Client client, int limit, CancellationToken ct) =>
        db.WriteAsync(unit => unit.TryInsertAsync(client, limit), ct);

    public async Task<bool> TryForgetUnusedAsync(string? clientId, CancellationToken ct)
    {
        var oldest = clientId ?? await Unused().OrderBy(client => client.CreatedAt).Select(client => client.Id).FirstOrDefaultAsync(ct);
        return oldest is not null && await Unused().Where(client => client.Id == oldest).ExecuteDeleteAsync(ct) > 0;
    }

    private IQueryable<Client> Unused() =>
        db.Clients.Where(client =>
            client.Origin == ClientOrigin.Registered
            && client.DisabledAt == null
            && EF.Property<DateTimeOffset?>(client, ClientTable.LastGrantEndedAt) == null
            && !db.Grants.Any(grant => grant.ClientId == client.Id)
            && !db.Consents.Any(consent => consent.ClientId == client.Id)
            && !db.AuthorizationRequests.Any(request => request.ClientId == client.Id)
        );

    public Task<Client?> FindAsync(string clientId, CancellationToken ct) => ById.FirstAsync(db, [clientId], ct);

    // A document is read again and again, and its client has no tokens of its own that could depend on it.
    public Task ReplaceAsync(Client client, CancellationToken ct) =>
        client.Origin == ClientOrigin.MetadataDocument
            ? ReplaceDescribedAsync(client, ct)
            : revocations.RevokeAsync(RevocationKind.Client, async () => (true, await TryUpdateAsync(client, ct) ? client.Id : null), ct);

    // It alone may be new here. Any other was deleted meanwhile and must not come back.
    private async Task ReplaceDescribedAsync(Client client, CancellationToken ct)
    {
        if (!await db.WriteAsync(unit => unit.TryInsertNewAsync(client), ct))
            await TryUpdateAsync(client, ct);
    }

    private async Task<bool> TryUpdateAsync(Client client, CancellationToken ct)
    {
        // What an operator did to the client stays, whatever it says of itself.
        var entry = db.Clients.Update(client);
        entry.Property(known => known.DisabledAt).IsModified = false;
        entry.Property(known => known.CreatedAt).IsModified = false;
        entry.Property(ClientTable.LastGrantEndedAt).IsModified = false;
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false; // it was deleted meanwhile, as the next reader will see
        }
        finally
        {
            entry.State = EntityState.Detached;
        }
    }

    public Task<bool> TryDisableAsync(string clientId, DateTimeOffset now, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Client,
            async () =>
            {
                var disabled = await db
                    .Clients.Where(client => client.Id == clientId)
                    .ExecuteUpdateAsync(set => set.SetProperty(client => client.DisabledAt, client => client.DisabledAt ?? now), ct);
                return (disabled > 0, disabled > 0 ? clientId : null);
            },
            ct
        );

    public Task DeleteAsync(string clientId, DateTimeOffset now, CancellationToken ct) =>
        revocations.RevokeAsync(
            RevocationKind.Client,
            async () =>
            {
                await db.Clients.Where(client => client.Id == clientId).ExecuteDeleteAsync(ct);
                await db.Consents.Where(consent => consent.ClientId == clientId).ExecuteDeleteAsync(ct);
                var revoked = await db
                    .Grants.Where(grant => grant.ClientId == clientId && grant.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
                return (revoked, clientId); // a machine has no grant
            },
            ct
        );

    public async Task<IReadOnlyList<Client>> ListAsync(CancellationToken ct) =>
        await db.Clients.AsNoTracking().OrderBy(client => client.CreatedAt).ToListAsync(ct);
}
