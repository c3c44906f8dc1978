namespace OAuthMcp.Integration.Stores.Sqlite;

public sealed class SqliteSecondFactorsTests(SqliteStores stores) : SecondFactorsContract(stores), IClassFixture<SqliteStores>;
