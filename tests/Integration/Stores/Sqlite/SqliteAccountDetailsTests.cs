namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAccountDetailsTests(SqliteStores stores) : AccountDetailsContract(stores), IClassFixture<SqliteStores>;
