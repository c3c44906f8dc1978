using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Application.Settings;
using OAuthMcp.Infrastructure;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Stores.Postgres;

/// <summary>PostgreSQL, in a database of its own on the server of this run.</summary>
public sealed class PostgresStores(PostgresServer server) : StoreFixture
{
    private readonly DataDirectory data = new(TestServer.NewDataDirectory(), holdsDatabase: false);

    /// <summary>How long a statement may take: here longer than any test machine stalls.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    internal string Address { get; private set; } = "";

    public override async ValueTask InitializeAsync()
    {
        if (!PostgresServer.IsInstalled)
            return; // each test says so
        Address = await server.NewDatabaseAsync();
        await base.InitializeAsync();
    }

    /// <summary>Itself, for a test that has to skip where there is no PostgreSQL.</summary>
    internal PostgresStores OrSkip()
    {
        Requires.Postgres();
        return this;
    }

    protected override void AddStores(IServiceCollection services)
    {
        services.AddAuthorizationServerStores(
            data,
            new DatabaseAddress(DatabaseKind.Postgres, Address),
            certificates: [],
            passwordChecks: 0,
            writeQueue: 0
        );
        services.AddPostgres(Address, Patience);
    }

    protected override void Remove()
    {
        if (Directory.Exists(data.Path))
            Directory.Delete(data.Path, recursive: true);
    }
}
