namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteClientAdministrationTests(SqliteStores stores)
    : ClientAdministrationContract(stores),
        IClassFixture<SqliteStores>;
