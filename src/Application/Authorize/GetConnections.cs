using MediatR;
using OAuthMcp.Application.Clients;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Authorize;

/// <summary>The applications that a user has let in, the latest first.</summary>
internal sealed record GetConnectionsQuery(string Subject) : IRequest<IReadOnlyList<ConnectionView>>;

/// <param name="ClientName">What the client calls itself, unverified; null when it gave no name or is gone.</param>
/// <param name="ClientHost">The host that vouches for the client's metadata; null when none does.</param>
/// <param name="LastUsedAt">When it last got a token; null when it never came for one.</param>
internal sealed record ConnectionView(
    string ClientId,
    string? ClientName,
    string? ClientHost,
    bool IsPreRegistered,
    IReadOnlyList<string> RedirectHosts,
    ScopeSet Scope,
    DateTimeOffset ConnectedAt,
    DateTimeOffset? LastUsedAt
);

internal sealed class GetConnectionsHandler(IConnections connections, ClientDirectory clients, TimeProvider time)
    : IRequestHandler<GetConnectionsQuery, IReadOnlyList<ConnectionView>>
{
    public async Task<IReadOnlyList<ConnectionView>> Handle(GetConnectionsQuery query, CancellationToken ct)
    {
        var views = new List<ConnectionView>();
        foreach (var connection in await connections.ListAsync(query.Subject, time.GetUtcNow(), ct))
        {
            var client = await clients.FindAsync(connection.ClientId, ct);
            views.Add(
                new ConnectionView(
                    connection.ClientId,
                    client?.Name,
                    client?.Origin == ClientOrigin.MetadataDocument ? WebUrl.Host(client.Id) : null,
                    client?.IsPreRegistered ?? false,
                    [.. (client?.RedirectUris ?? []).Select(RedirectUri.DisplayHost).Distinct()],
                    connection.Scope,
                    connection.ConnectedAt,
                    connection.LastUsedAt
                )
            );
        }

        return [.. views.OrderByDescending(view => view.LastUsedAt ?? view.ConnectedAt)];
    }
}
