namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresUpstreamAccountsTests(PostgresStores stores)
    : UpstreamAccountsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
