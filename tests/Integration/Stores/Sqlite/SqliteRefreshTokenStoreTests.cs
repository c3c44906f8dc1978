namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteRefreshTokenStoreTests(SqliteStores stores) : RefreshTokenStoreContract(stores), IClassFixture<SqliteStores>;
