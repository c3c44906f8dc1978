using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ClientStore(OAuthDbContext db) : IClientStore, IClientAdministration
{
    public async Task<bool> TryAddAsync(Client client, int limit, CancellationToken ct)
    {
        if (limit > 0 && await db.Clients.CountAsync(ct) >= limit)
            return false;
        db.Clients.Add(client);
        await db.SaveChangesAsync(ct);
        return true;
    }

    public Task<Client?> FindAsync(string clientId, CancellationToken ct) =>
        db.Clients.AsNoTracking().FirstOrDefaultAsync(client => client.Id == clientId, ct);

    public async Task ReplaceAsync(Client client, CancellationToken ct)
    {
        // Only a document's client is new here: any other was deleted in between, and stays so.
        if (client.Origin == ClientOrigin.MetadataDocument && !await db.Clients.AnyAsync(known => known.Id == client.Id, ct))
        {
            try
            {
                await TryAddAsync(client, 0, ct);
                return;
            }
            catch (DbUpdateException)
            {
                db.ChangeTracker.Clear();
                if (!await db.Clients.AnyAsync(known => known.Id == client.Id, ct))
                    throw; // else a request at the same time was first
            }
        }

        // What an operator did to it stays: nothing a client says of itself brings it back.
        var entry = db.Clients.Update(client);
        entry.Property(known => known.DisabledAt).IsModified = false;
        entry.Property(known => known.CreatedAt).IsModified = false;
        await db.SaveChangesAsync(ct);
        entry.State = EntityState.Detached;
    }

    public async Task<bool> TryDisableAsync(string clientId, DateTimeOffset now, CancellationToken ct) =>
        await db
            .Clients.Where(client => client.Id == clientId)
            .ExecuteUpdateAsync(set => set.SetProperty(client => client.DisabledAt, client => client.DisabledAt ?? now), ct) > 0;

    public async Task DeleteAsync(string clientId, DateTimeOffset now, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Clients.Where(client => client.Id == clientId).ExecuteDeleteAsync(ct);
        await db.Consents.Where(consent => consent.ClientId == clientId).ExecuteDeleteAsync(ct);
        await db
            .Grants.Where(grant => grant.ClientId == clientId && grant.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.RevokedAt, now), ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<Client>> ListAsync(CancellationToken ct) =>
        await db.Clients.AsNoTracking().OrderBy(client => client.CreatedAt).ToListAsync(ct);
}
