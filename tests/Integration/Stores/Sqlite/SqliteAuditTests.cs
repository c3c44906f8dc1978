namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteAuditTests(SqliteStores stores) : AuditContract(stores), IClassFixture<SqliteStores>;
