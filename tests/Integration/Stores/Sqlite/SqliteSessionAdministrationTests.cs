namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteSessionAdministrationTests(SqliteStores stores)
    : SessionAdministrationContract(stores),
        IClassFixture<SqliteStores>;
