namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAuthorizationCodeStoreTests(SqliteStores stores)
    : AuthorizationCodeStoreContract(stores),
        IClassFixture<SqliteStores>;
