namespace OAuthMcp.Integration.Stores.Postgres;

public sealed class PostgresSecondFactorsTests(PostgresStores stores)
    : SecondFactorsContract(stores.OrSkip()),
        IClassFixture<PostgresStores>;
