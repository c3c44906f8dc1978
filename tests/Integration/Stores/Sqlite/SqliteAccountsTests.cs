namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAccountsTests(SqliteStores stores) : AccountsContract(stores), IClassFixture<SqliteStores>;
