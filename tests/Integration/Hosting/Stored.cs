using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Clients;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Hosting;

/// <summary>What an operator can do to stored rows, and what a test may count there.</summary>
internal static class Stored
{
    /// <summary>How much of what a client can use is there.</summary>
    public sealed record Rows(int Codes, int Grants, int RefreshTokens);

    public static Task<Rows> RowsAsync(this TestServer server) =>
        server.InDatabaseAsync(async db => new Rows(
            await db.AuthorizationCodes.CountAsync(TestContext.Current.CancellationToken),
            await db.Grants.CountAsync(TestContext.Current.CancellationToken),
            await db.RefreshTokens.CountAsync(TestContext.Current.CancellationToken)
        ));

    public static Task<T> InDatabaseAsync<T>(this TestServer server, Func<OAuthDbContext, Task<T>> work) => server.InAsync(work);

    public static async Task<T> InAsync<TPort, T>(this TestServer server, Func<TPort, Task<T>> work)
        where TPort : notnull
    {
        await using var scope = server.App.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TPort>());
    }

    /// <summary>
    /// Looks at the database's files while they stay as they are: the last connection to close folds the write-ahead log in and removes
    /// it.
    /// </summary>
    public static Task LookAtFilesAsync(this TestServer server, Func<Task> look) =>
        server.InDatabaseAsync(async db =>
        {
            await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await db.Clients.CountAsync(TestContext.Current.CancellationToken); // only a connection that has read holds the log
            await look();
            return true;
        });

    public static async Task DisableUserAsync(this TestServer server, string userName) =>
        Assert.True(
            await server.InAsync(
                (IAccountAdministration accounts) => accounts.TryDisableAsync(userName, TestContext.Current.CancellationToken)
            )
        );

    public static async Task DisableClientAsync(this TestServer server, string clientId) =>
        Assert.True(
            await server.InAsync(
                (IClientAdministration clients) =>
                    clients.TryDisableAsync(clientId, server.Clock.GetUtcNow(), TestContext.Current.CancellationToken)
            )
        );

    public static async Task WithdrawGrantsAsync(this TestServer server, string clientId)
    {
        var grants = await server.InDatabaseAsync(db =>
            db.Grants.Where(grant => grant.ClientId == clientId).Select(grant => grant.Id).ToListAsync()
        );
        Assert.NotEmpty(grants);
        foreach (var id in grants)
            await server.InAsync(
                async (IGrantStore store) =>
                {
                    await store.RevokeAsync(id, server.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
                    return true;
                }
            );
    }

    /// <summary>How many refresh tokens the client has, spent ones included.</summary>
    public static Task<int> CountRefreshTokensAsync(this TestClient client, TestServer server) =>
        server.InDatabaseAsync(db => db.RefreshTokens.CountAsync(token => token.ClientId == client.Id));
}
