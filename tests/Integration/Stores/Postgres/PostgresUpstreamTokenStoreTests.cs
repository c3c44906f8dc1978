namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresUpstreamTokenStoreTests(PostgresStores stores)
    : UpstreamTokenStoreContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
