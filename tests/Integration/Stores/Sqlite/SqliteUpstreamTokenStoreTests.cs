namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteUpstreamTokenStoreTests(SqliteStores stores) : UpstreamTokenStoreContract(stores), IClassFixture<SqliteStores>;
