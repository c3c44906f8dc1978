namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAccountsTests(PostgresStores stores) : AccountsContract(stores.OrSkip()), IClassFixture<PostgresStores>;
