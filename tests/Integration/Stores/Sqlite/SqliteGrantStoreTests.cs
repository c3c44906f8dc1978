namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteGrantStoreTests(SqliteStores stores) : GrantStoreContract(stores), IClassFixture<SqliteStores>;
