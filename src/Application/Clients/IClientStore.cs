using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

/// <summary>Clients that registered themselves or that an operator added. Owns no rule.</summary>
public interface IClientStore
{
    Task AddAsync(Client client, CancellationToken ct);

    Task<Client?> FindAsync(string clientId, CancellationToken ct);
}
