namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresAuditTests(PostgresStores stores) : AuditContract(stores.OrSkip()), IClassFixture<PostgresStores>;
