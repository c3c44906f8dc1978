namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresClientStoreTests(PostgresStores stores) : ClientStoreContract(stores.OrSkip()), IClassFixture<PostgresStores>;
