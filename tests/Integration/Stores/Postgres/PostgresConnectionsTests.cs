namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresConnectionsTests(PostgresStores stores) : ConnectionsContract(stores.OrSkip()), IClassFixture<PostgresStores>;
