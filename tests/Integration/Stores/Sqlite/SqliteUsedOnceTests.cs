namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteUsedOnceTests(SqliteStores stores) : UsedOnceContract(stores), IClassFixture<SqliteStores>;
