using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

/// <summary>Who a client_id is. A disabled client is nobody.</summary>
internal sealed class ClientDirectory(IClientStore store)
{
    public async Task<Client?> FindAsync(string? clientId, CancellationToken ct) =>
        clientId is { Length: > 0 and <= 256 } && await store.FindAsync(clientId, ct) is { IsDisabled: false } client ? client : null;
}
