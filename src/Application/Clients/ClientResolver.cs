using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Resolves each client_id once at a time. However many users arrive with it, its document is read once.</summary>
internal sealed class ClientResolver(IServiceScopeFactory scopes)
{
    private readonly SingleFlight<string, Result<Client>> underWay = new();

    public Task<Result<Client>> ResolveAsync(string? clientId, CancellationToken ct) =>
        underWay.RunAsync(clientId ?? "", () => ResolveOnceAsync(clientId), ct);

    // In a scope of its own and not cancelled with the first user, since others wait for it too.
    private async Task<Result<Client>> ResolveOnceAsync(string? clientId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ClientDirectory>().ResolveAsync(clientId, CancellationToken.None);
    }
}
