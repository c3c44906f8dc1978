namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresUpstreamSignInsTests(PostgresStores stores)
    : UpstreamSignInsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
