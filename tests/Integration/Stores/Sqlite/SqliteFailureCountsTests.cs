namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteFailureCountsTests(SqliteStores stores) : FailureCountsContract(stores), IClassFixture<SqliteStores>;
