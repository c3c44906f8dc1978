namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteSessionStampsTests(SqliteStores stores) : SessionStampsContract(stores), IClassFixture<SqliteStores>;
