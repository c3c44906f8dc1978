namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteClientStoreTests(SqliteStores stores) : ClientStoreContract(stores), IClassFixture<SqliteStores>;
