using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Hosting;

/// <summary>How much of what a client can use is in the database.</summary>
internal sealed record StoredRows(int Codes, int Grants, int RefreshTokens);

internal static class TestDatabase
{
    public static Task<StoredRows> RowsAsync(this TestServer server) => server.QueryAsync(async db => new StoredRows(
        await db.AuthorizationCodes.CountAsync(TestContext.Current.CancellationToken),
        await db.Grants.CountAsync(TestContext.Current.CancellationToken),
        await db.RefreshTokens.CountAsync(TestContext.Current.CancellationToken)));

    public static Task DisableClientAsync(this TestServer server, string clientId) => server.QueryAsync(db => db.Clients
        .Where(client => client.Id == clientId)
        .ExecuteUpdateAsync(set => set.SetProperty(client => client.DisabledAt, server.Clock.GetUtcNow()), TestContext.Current.CancellationToken));

    public static async Task<T> QueryAsync<T>(this TestServer server, Func<OAuthDbContext, Task<T>> query)
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<OAuthDbContext>());
    }
}
