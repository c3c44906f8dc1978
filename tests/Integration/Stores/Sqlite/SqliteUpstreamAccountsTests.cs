namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteUpstreamAccountsTests(SqliteStores stores) : UpstreamAccountsContract(stores), IClassFixture<SqliteStores>;
