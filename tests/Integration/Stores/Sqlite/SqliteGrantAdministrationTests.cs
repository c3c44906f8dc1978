namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteGrantAdministrationTests(SqliteStores stores) : GrantAdministrationContract(stores), IClassFixture<SqliteStores>;
