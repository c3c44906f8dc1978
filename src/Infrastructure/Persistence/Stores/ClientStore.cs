using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Infrastructure.Persistence.Stores;

internal sealed class ClientStore(OAuthDbContext db) : IClientStore
{
    public async Task AddAsync(Client client, CancellationToken ct)
    {
        db.Clients.Add(client);
        await db.SaveChangesAsync(ct);
    }

    public Task<Client?> FindAsync(string clientId, CancellationToken ct) =>
        db.Clients.AsNoTracking().FirstOrDefaultAsync(client => client.Id == clientId, ct);
}
