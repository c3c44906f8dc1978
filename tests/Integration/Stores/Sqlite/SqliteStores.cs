using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Persistence;

namespace OAuthMcp.Integration.Stores.Sqlite;

/// <summary>SQLite, in a file of its own.</summary>
public sealed class SqliteStores : StoreFixture
{
    private readonly DataDirectory data = new(
        Path.Combine(Path.GetTempPath(), "oauthmcp-tests", Path.GetRandomFileName()),
        holdsDatabase: true
    );

    protected override void AddStores(IServiceCollection services) =>
        services.AddAuthorizationServerStores(data, connectionString: null, passwordChecks: 0);

    protected override void Remove()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(data.Path, recursive: true);
    }
}
