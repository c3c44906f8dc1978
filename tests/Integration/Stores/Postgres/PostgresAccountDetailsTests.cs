namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAccountDetailsTests(PostgresStores stores)
    : AccountDetailsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
