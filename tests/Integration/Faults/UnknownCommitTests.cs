using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>
/// A COMMIT whose answer is lost was done or not. The server finds out which, so that no client is refused for what it never heard
/// of. There is no grace here, in which a client could simply come again.
/// </summary>
public sealed class UnknownCommitTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(CommitFault.Lost, 503)]
    [InlineData(CommitFault.AnswerLost, 200)]
    [InlineData(CommitFault.Held, 503)]
    [InlineData(CommitFault.AnswerHeld, 200)]
    public async Task F_53_a_rotation_that_was_done_is_answered_and_one_that_was_not_can_be_repeated(CommitFault fault, int status)
    {
        await using var proxy = await StartProxyAsync();
        await using var server = await StartAsync(proxy);
        using var client = await TestClient.RegisterAsync(server);
        var (_, refresh) = await client.SignInAsync();

        await server.AuditedAsync(happened => happened.What == "token_issue"); // whose COMMIT would be hit
        proxy.Arm(fault);
        var time = Stopwatch.StartNew();
        using var answer = await client.RefreshAsync(refresh);
        Assert.InRange(time.Elapsed, TimeSpan.Zero, Budget.Request);
        Assert.True(proxy.Hit.IsCompleted);
        await AssertAsync(server, answer, status);

        var present = status == 200 ? (string)(await answer.JsonAsync())["refresh_token"]! : refresh;
        proxy.Release();
        using var next = await client.RefreshAsync(present);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData(CommitFault.Lost, 503)]
    [InlineData(CommitFault.AnswerLost, 200)]
    [InlineData(CommitFault.Held, 503)]
    [InlineData(CommitFault.AnswerHeld, 200)]
    public async Task F_53_a_code_gives_one_family_and_is_not_lost(CommitFault fault, int status)
    {
        await using var proxy = await StartProxyAsync();
        await using var server = await StartAsync(proxy);
        using var client = await TestClient.RegisterAsync(server);
        var code = await client.CodeAsync();

        await server.AuditedAsync(happened => happened.What == "registration");
        proxy.Arm(fault);
        using var answer = await client.ExchangeAsync(code);
        Assert.True(proxy.Hit.IsCompleted);
        await AssertAsync(server, answer, status);
        proxy.Release();
        using var again = status == 200 ? null : await client.ExchangeAsync(code);
        var tokens = await (again ?? answer).JsonAsync();
        Assert.True(await server.AcceptsAsync((string)tokens["access_token"]!));
        Assert.Equal(1, await server.InDatabaseAsync(db => db.RefreshTokens.CountAsync(TestContext.Current.CancellationToken)));
        using var refreshed = await client.RefreshAsync((string)tokens["refresh_token"]!);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Theory]
    [InlineData(CommitFault.Lost, 503)]
    [InlineData(CommitFault.AnswerLost, 200)]
    public async Task F_53_an_answer_of_a_user_is_given_once(CommitFault fault, int status)
    {
        await using var proxy = await StartProxyAsync();
        await using var server = await StartAsync(proxy);
        using var client = await TestClient.RegisterAsync(server);
        using var browser = await server.AskAsync(client);
        var question = browser.Location;

        await server.AuditedAsync(happened => happened.What == "registration");
        proxy.Arm(fault);
        await browser.SubmitAsync("Allow");
        Assert.True(proxy.Hit.IsCompleted);
        if (status == 503)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, browser.Response.StatusCode);
            await browser.OpenAsync(question.AbsoluteUri);
            await browser.SubmitAsync("Allow");
        }

        var code = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(browser.Location.Query)["code"].ToString();
        using var exchanged = await client.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, exchanged.StatusCode);
        Assert.Equal(1, await server.InDatabaseAsync(db => db.Grants.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData(CommitFault.Lost, 503, 0)]
    [InlineData(CommitFault.AnswerLost, 201, 1)]
    public async Task F_53_a_registration_is_answered_as_it_was_stored(CommitFault fault, int status, int stored)
    {
        await using var proxy = await StartProxyAsync();
        await using var server = await StartAsync(proxy);
        using var http = server.Http();
        proxy.Arm(fault);
        using var answer = await http.PostAsJsonAsync(
            "/register",
            new { redirect_uris = new[] { TestClient.RedirectUri } },
            TestContext.Current.CancellationToken
        );
        Assert.True(proxy.Hit.IsCompleted);
        await AssertAsync(server, answer, status);
        Assert.Equal(stored, await server.InDatabaseAsync(db => db.Clients.CountAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task F_53_many_clients_at_once_keep_their_tokens_on_a_network_that_breaks()
    {
        await using var proxy = await StartProxyAsync();
        // With a grace, since what a busy machine does not look up in time may be repeated.
        await using var server = await StartAsync(proxy, "00:01:00");
        using var client = await TestClient.RegisterAsync(server);
        var families = new List<string>();
        for (var index = 0; index < 4; index++)
            families.Add((await client.SignInAsync()).Refresh);

        (proxy.Every, proxy.Fault) = (3, CommitFault.AnswerLost);
        await Task.WhenAll(families.Select(refresh => RefreshOftenAsync(client, refresh, 6)));
        Assert.InRange(proxy.Hits, 8, int.MaxValue);
        Assert.Contains(server.Log.All, line => line.Contains("was not answered; it was done", StringComparison.Ordinal));
    }

    [Fact]
    public async Task F_53_a_slow_network_makes_a_slow_answer_and_no_refusal()
    {
        await using var proxy = await StartProxyAsync();
        await using var server = await StartAsync(proxy);
        using var client = await TestClient.RegisterAsync(server);
        var (access, refresh) = await client.SignInAsync();
        proxy.Latency = TimeSpan.FromMilliseconds(200);
        using var refreshed = await client.RefreshAsync(refresh);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.True(await server.AcceptsAsync(access));
        using var revoked = await client.RevokeAsync((string)(await refreshed.JsonAsync())["refresh_token"]!);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        proxy.Latency = TimeSpan.Zero;
        Assert.False(await server.AcceptsAsync(access));
    }

    [Fact]
    public async Task F_53_a_number_that_a_crash_gave_to_another_transaction_says_nothing_of_the_lost_one()
    {
        Requires.Postgres();
        // Nothing reaches the disk that is not committed, so that the server forgets that it has given the number away.
        await using var own = new PostgresServer { Settings = ["wal_writer_delay=10s"] };
        var address = await own.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(address, "CREATE TABLE \"Commits\" (\"Id\" uuid PRIMARY KEY)");
        await using var source = NpgsqlDataSource.Create(address);
        var outcomes = new Outcomes(source, TimeProvider.System, NullLogger<Outcomes>.Instance);

        CommitMark lost;
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            lost = await outcomes.MarkAsync(transaction, TestContext.Current.CancellationToken);
            await own.KillHardAsync();
        }

        await own.StartAsync();
        NpgsqlConnection.ClearAllPools();
        var mark = default(CommitMark);
        for (var tries = 0; mark.Number != lost.Number; tries++)
        {
            Assert.InRange(tries, 0, 100);
            await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            mark = await outcomes.MarkAsync(transaction, TestContext.Current.CancellationToken);
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(await outcomes.IsCommittedAsync(mark, Stopwatch.GetTimestamp()));
        Assert.False(await outcomes.IsCommittedAsync(lost, Stopwatch.GetTimestamp()));
    }

    [Fact]
    public async Task F_53_a_change_that_was_given_up_is_not_made_when_it_arrives_late()
    {
        Requires.Postgres();
        var address = await postgres.NewDatabaseAsync();
        await PostgresServer.ExecuteAsync(address, "CREATE TABLE \"Commits\" (\"Id\" uuid PRIMARY KEY)");
        await using var source = NpgsqlDataSource.Create(address);
        var outcomes = new Outcomes(source, TimeProvider.System, NullLogger<Outcomes>.Instance);
        var (late, made, slow) = (outcomes.NewMark(), outcomes.NewMark(), outcomes.NewMark());

        Assert.False(await outcomes.IsChangedAsync(late, Stopwatch.GetTimestamp()));
        await Assert.ThrowsAsync<PostgresException>(() => MarkAsync(late));

        await MarkAsync(made);
        Assert.True(await outcomes.IsChangedAsync(made, Stopwatch.GetTimestamp()));

        // One that is in the middle of it is waited for.
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await MarkAsync(slow, connection);
        var asked = outcomes.IsChangedAsync(slow, Stopwatch.GetTimestamp());
        await using (var waiting = source.CreateCommand("SELECT COUNT(*) FROM pg_locks WHERE NOT granted"))
            while (await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 0L)
                Assert.False(asked.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        Assert.True(await asked);

        async Task MarkAsync(Guid mark, NpgsqlConnection? on = null)
        {
            await using var command = on is null
                ? source.CreateCommand("INSERT INTO \"Commits\" VALUES ($1)")
                : new NpgsqlCommand("INSERT INTO \"Commits\" VALUES ($1)", on);
            command.Parameters.Add(new() { Value = mark });
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task F_53_a_look_at_what_became_of_a_change_may_be_lost_too()
    {
        await using var proxy = await StartProxyAsync();
        await PostgresServer.ExecuteAsync(proxy.Server, "CREATE TABLE \"Commits\" (\"Id\" uuid PRIMARY KEY)");
        await using var source = NpgsqlDataSource.Create(proxy.Address);
        var outcomes = new Outcomes(source, TimeProvider.System, NullLogger<Outcomes>.Instance);
        proxy.Arm(CommitFault.AnswerLost);
        Assert.False(await outcomes.IsChangedAsync(outcomes.NewMark(), Stopwatch.GetTimestamp()));
        Assert.True(proxy.Hit.IsCompleted);
    }

    private async Task<FaultProxy> StartProxyAsync()
    {
        Requires.Postgres();
        return FaultProxy.Start(await postgres.NewDatabaseAsync());
    }

    private static Task<TestServer> StartAsync(FaultProxy proxy, string grace = "00:00:00") =>
        TestServer.StartAsync(("ConnectionStrings:Database", proxy.Address), ("OAuth:RefreshGrace", grace));

    private static async Task RefreshOftenAsync(TestClient client, string refresh, int times)
    {
        for (var tries = 0; times > 0; tries++)
        {
            Assert.InRange(tries, 0, 100);
            using var answer = await client.RefreshAsync(refresh);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                await answer.AssertErrorAsync(503, "temporarily_unavailable"); // reads failed too: nothing was begun
                continue;
            }

            refresh = (string)(await answer.JsonAsync())["refresh_token"]!;
            times--;
        }
    }

    private static async Task AssertAsync(TestServer server, HttpResponseMessage answer, int status)
    {
        if (status == 503)
            await answer.AssertErrorAsync(503, "temporarily_unavailable");
        else
            Assert.True(status == (int)answer.StatusCode, string.Join('\n', server.Log.All.TakeLast(5)));
    }
}
