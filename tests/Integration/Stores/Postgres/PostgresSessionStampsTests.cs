namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresSessionStampsTests(PostgresStores stores)
    : SessionStampsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
