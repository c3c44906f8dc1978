namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresUsedOnceTests(PostgresStores stores) : UsedOnceContract(stores.OrSkip()), IClassFixture<PostgresStores>;
