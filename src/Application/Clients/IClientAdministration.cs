using OAuthMcp.Domain.Clients;

namespace OAuthMcp.Application.Clients;

/// <summary>What an operator does with stored clients.</summary>
internal interface IClientAdministration
{
    /// <summary>Treats the client as unknown from now on, whatever it says of itself. False when there is none.</summary>
    Task<bool> TryDisableAsync(string clientId, DateTimeOffset now, CancellationToken ct);

    Task<IReadOnlyList<Client>> ListAsync(CancellationToken ct);
}
