namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresFailureCountsTests(PostgresStores stores)
    : FailureCountsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
