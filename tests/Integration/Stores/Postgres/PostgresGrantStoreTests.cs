namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresGrantStoreTests(PostgresStores stores) : GrantStoreContract(stores.OrSkip()), IClassFixture<PostgresStores>;
