namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAccessTokenStoreTests(PostgresStores stores)
    : AccessTokenStoreContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
