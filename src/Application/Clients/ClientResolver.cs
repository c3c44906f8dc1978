using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Resolves each client_id once at a time, however many users arrive with it: its document is read once for all of them.</summary>
internal sealed class ClientResolver(IServiceScopeFactory scopes)
{
    private readonly SingleFlight<string, Result<Client>> underWay = new();

    public Task<Result<Client>> ResolveAsync(string? clientId, CancellationToken ct) =>
        underWay.RunAsync(clientId ?? "", () => ResolveOnceAsync(clientId), ct);

    // In a scope of its own and without a token: the user who came first may leave, the others still wait.
    private async Task<Result<Client>> ResolveOnceAsync(string? clientId)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ClientDirectory>().ResolveAsync(clientId, CancellationToken.None);
    }
}
