namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteRevocationFeedTests(SqliteStores stores) : RevocationFeedContract(stores), IClassFixture<SqliteStores>;
