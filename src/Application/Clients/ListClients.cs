using MediatR;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>The stored clients, the oldest first. Those of the configuration are not among them.</summary>
internal sealed record ListClientsQuery : IRequest<Result<ListedClients>>;

internal sealed record ListedClients(IReadOnlyList<ListedClient> Clients);

/// <param name="Name">What the client calls itself: untrusted text.</param>
internal sealed record ListedClient(string ClientId, string? Name, ClientOrigin Origin, DateTimeOffset CreatedAt, bool IsDisabled);

internal sealed class ListClientsHandler(IClientAdministration clients) : IRequestHandler<ListClientsQuery, Result<ListedClients>>
{
    public async Task<Result<ListedClients>> Handle(ListClientsQuery query, CancellationToken ct) =>
        new ListedClients([
            .. (await clients.ListAsync(ct)).Select(client => new ListedClient(
                client.Id,
                client.Name,
                client.Origin,
                client.CreatedAt,
                client.IsDisabled
            )),
        ]);
}
