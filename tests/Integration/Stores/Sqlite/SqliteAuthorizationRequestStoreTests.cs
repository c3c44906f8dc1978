namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAuthorizationRequestStoreTests(SqliteStores stores)
    : AuthorizationRequestStoreContract(stores),
        IClassFixture<SqliteStores>;
