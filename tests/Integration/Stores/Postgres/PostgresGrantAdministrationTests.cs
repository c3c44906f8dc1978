namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresGrantAdministrationTests(PostgresStores stores)
    : GrantAdministrationContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
