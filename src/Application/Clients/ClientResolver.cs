using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Domain.Clients;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>
/// Resolves each client_id once at a time, however many users arrive with it: whoever comes while its document is read
/// and stored shares the outcome, whoever comes later finds it stored.
/// </summary>
internal sealed class ClientResolver(IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Result<Client>>>> underWay = new(StringComparer.Ordinal);

    public Task<Result<Client>> ResolveAsync(string? clientId, CancellationToken ct) =>
        underWay.GetOrAdd(clientId ?? "", key => new Lazy<Task<Result<Client>>>(() => ResolveOnceAsync(key))).Value.WaitAsync(ct);

    // In a scope of its own and without a token: the user who came first may leave, the others still wait.
    private async Task<Result<Client>> ResolveOnceAsync(string clientId)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<ClientDirectory>().ResolveAsync(clientId, CancellationToken.None);
        }
        finally
        {
            underWay.TryRemove(clientId, out _);
        }
    }
}
