namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteConsentStoreTests(SqliteStores stores) : ConsentStoreContract(stores), IClassFixture<SqliteStores>;
