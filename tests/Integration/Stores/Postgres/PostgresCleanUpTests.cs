namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresCleanUpTests(PostgresStores stores) : CleanUpContract(stores.OrSkip()), IClassFixture<PostgresStores>;
