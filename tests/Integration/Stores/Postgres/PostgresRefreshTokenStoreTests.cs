namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresRefreshTokenStoreTests(PostgresStores stores)
    : RefreshTokenStoreContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
