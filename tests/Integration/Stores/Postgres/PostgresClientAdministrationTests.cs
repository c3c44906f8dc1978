namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresClientAdministrationTests(PostgresStores stores)
    : ClientAdministrationContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
