namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresSessionAdministrationTests(PostgresStores stores)
    : SessionAdministrationContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
