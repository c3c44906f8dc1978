namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresConsentStoreTests(PostgresStores stores) : ConsentStoreContract(stores.OrSkip()), IClassFixture<PostgresStores>;
