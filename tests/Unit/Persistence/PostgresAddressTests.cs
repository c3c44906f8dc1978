using Npgsql;
using OAuthMcp.Infrastructure.Persistence.Postgres;

namespace OAuthMcp.Unit.Persistence;

public sealed class PostgresAddressTests
{
    [Fact]
    public void Every_wait_has_an_end_that_the_operator_may_move()
    {
        var ours = Read("Host=db;Database=oauthmcp");
        Assert.Equal((2, 2, -1, "OAuthMcp"), (ours.Timeout, ours.CommandTimeout, ours.CancellationTimeout, ours.ApplicationName));
        Assert.Equal(30, ours.MaxPoolSize); // three nodes fit into what a server allows by default
        Assert.Equal("-c statement_timeout=2000 -c idle_in_transaction_session_timeout=5000", ours.Options);

        var theirs = Read(
            "Host=db;Database=oauthmcp;Timeout=7;Command Timeout=8;Cancellation Timeout=9;Application Name=mine;Maximum Pool Size=5"
        );
        Assert.Equal((7, 8, 9, "mine"), (theirs.Timeout, theirs.CommandTimeout, theirs.CancellationTimeout, theirs.ApplicationName));
        Assert.Equal(5, theirs.MaxPoolSize);
    }

    [Fact]
    public void What_the_operator_sets_on_the_server_stands_last_and_wins()
    {
        var options = Read("Host=db;Database=oauthmcp;Options=-c statement_timeout=9000").Options!;
        Assert.EndsWith(" -c statement_timeout=9000", options, StringComparison.Ordinal);
        Assert.Contains("idle_in_transaction_session_timeout", options, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_are_found_whatever_the_search_path_was() =>
        Assert.Equal("oauthmcp", Read("Host=db;Database=oauthmcp;Search Path=public").SearchPath);

    private static NpgsqlConnectionStringBuilder Read(string address) => new(PostgresAddress.WithBudgets(address, TimeSpan.FromSeconds(2)));
}
