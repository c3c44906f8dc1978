namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteUpstreamSignInsTests(SqliteStores stores) : UpstreamSignInsContract(stores), IClassFixture<SqliteStores>;
