namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAuthorizationCodeStoreTests(PostgresStores stores)
    : AuthorizationCodeStoreContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
