namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteConnectionsTests(SqliteStores stores) : ConnectionsContract(stores), IClassFixture<SqliteStores>;
