namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAuthorizationRequestStoreTests(PostgresStores stores)
    : AuthorizationRequestStoreContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
