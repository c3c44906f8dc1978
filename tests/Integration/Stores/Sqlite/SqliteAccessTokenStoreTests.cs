namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAccessTokenStoreTests(SqliteStores stores) : AccessTokenStoreContract(stores), IClassFixture<SqliteStores>;
