using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Stores.Postgres;

/// <summary>What many requests send together is answered as if each had sent it alone.</summary>
public sealed class GatheredStatementsTests(PostgresStores stores) : IClassFixture<PostgresStores>
{
    /// <summary>Waits until the test ends its <see cref="HoldAsync">hold</see>.</summary>
    private const string Wait = "SELECT 'waited' FROM pg_advisory_xact_lock_shared(1)";

    [Fact]
    public async Task A_change_that_fails_does_not_undo_those_that_were_sent_with_it()
    {
        stores.OrSkip();
        await using var request = stores.Request();
        var (statements, outcomes) = (Get<GatheredStatements>(request), Get<Outcomes>(request));
        var marks = Enumerable.Range(0, 3).Select(_ => outcomes.NewMark()).ToList();
        await using var hold = await HoldAsync();
        var before = Before(() => ChangeAsync("wait", Wait));
        var answers = marks.Select((mark, index) => ChangeAsync($"{index}", $"INSERT INTO \"Commits\" VALUES ('{mark}')")).ToList();
        var unchanged = ChangeAsync("unchanged", "DELETE FROM \"Commits\" WHERE false");
        var wrong = ChangeAsync("wrong", "INSERT INTO \"Commits\" SELECT 1/0");
        await hold.DisposeAsync();
        await Assert.ThrowsAsync<PostgresException>(() => wrong);
        await Task.WhenAll(before);
        Assert.All(await Task.WhenAll(answers), Assert.True);
        Assert.False(await unchanged);
        foreach (var mark in marks)
            Assert.True(await IsThereAsync(mark));

        Task<bool> ChangeAsync(string key, string text) =>
            statements.TryChangeAsync(new ChangeStatement(outcomes.NewMark(), key, text, []), Rows.Ct);
    }

    [Fact]
    public async Task Changes_that_wait_for_others_are_one_transaction()
    {
        stores.OrSkip();
        await using var request = stores.Request();
        var (statements, outcomes) = (Get<GatheredStatements>(request), Get<Outcomes>(request));
        var marks = Enumerable.Range(0, 5).Select(_ => outcomes.NewMark()).ToList();
        await using var hold = await HoldAsync();
        var before = Before(() => statements.TryChangeAsync(new ChangeStatement(outcomes.NewMark(), "wait", Wait, []), Rows.Ct));
        var together = marks
            .Select(mark =>
                statements.TryChangeAsync(new ChangeStatement(mark, $"{mark}", $"INSERT INTO \"Commits\" VALUES ('{mark}')", []), Rows.Ct)
            )
            .ToList();
        await hold.DisposeAsync();
        await Task.WhenAll([.. before, .. together]);
        var transactions = await stores.InAsync(
            (OAuthDbContext db) =>
                db
                    .Database.SqlQuery<string>($"""SELECT xmin::text AS "Value" FROM "Commits" WHERE "Id" = ANY({marks})""")
                    .ToListAsync(Rows.Ct)
        );
        Assert.Equal(5, transactions.Count);
        Assert.Single(transactions.Distinct());
    }

    [Fact]
    public async Task Each_of_many_reads_gets_its_own_row_and_a_wrong_one_alone_fails()
    {
        stores.OrSkip();
        await using var request = stores.Request();
        var statements = Get<GatheredStatements>(request);
        await using var hold = await HoldAsync();
        var before = Before(() => ReadAsync(Wait));
        var answers = Enumerable.Range(0, 50).Select(number => ReadAsync($"SELECT '{number}' WHERE {number} <> 7")).ToList();
        var wrong = ReadAsync("SELECT 1/0");
        await hold.DisposeAsync();
        await Assert.ThrowsAsync<PostgresException>(() => wrong);
        await Task.WhenAll(before);
        Assert.Equal(Enumerable.Range(0, 50).Select(number => number == 7 ? null : $"{number}"), await Task.WhenAll(answers));

        Task<string?> ReadAsync(string text) =>
            statements.ReadAsync<string>(new ReadStatement(text, [], reader => reader.GetValue(0).ToString()!), Rows.Ct);
    }

    [Fact]
    public async Task A_row_that_cannot_be_understood_is_the_failure_of_its_reader_alone()
    {
        stores.OrSkip();
        await using var request = stores.Request();
        var statements = Get<GatheredStatements>(request);
        await using var hold = await HoldAsync();
        var before = Before(() => ReadAsync(reader => reader.GetString(0), Wait));
        var first = ReadAsync(reader => reader.GetString(0));
        var wrong = ReadAsync(_ => throw new FormatException());
        var last = ReadAsync(reader => reader.GetString(0));
        await hold.DisposeAsync();
        await Assert.ThrowsAsync<FormatException>(() => wrong);
        await Task.WhenAll(before);
        Assert.Equal(["good", "good"], await Task.WhenAll(first, last));

        Task<string?> ReadAsync(Func<DbDataReader, string> read, string text = "SELECT 'good'") =>
            statements.ReadAsync<string>(new ReadStatement(text, [], read), Rows.Ct);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_has_changed_nothing()
    {
        stores.OrSkip();
        await using var request = stores.Request();
        var (statements, outcomes) = (Get<GatheredStatements>(request), Get<Outcomes>(request));
        var (mark, other) = (outcomes.NewMark(), outcomes.NewMark());
        using var gone = new CancellationTokenSource();
        await using var hold = await HoldAsync();
        var before = Before(() => statements.TryChangeAsync(new ChangeStatement(outcomes.NewMark(), "wait", Wait, []), Rows.Ct));
        var given = statements.TryChangeAsync(Insert(mark), gone.Token);
        var kept = statements.TryChangeAsync(Insert(other), Rows.Ct);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await hold.DisposeAsync();
        await Task.WhenAll(before);
        Assert.True(await kept);
        Assert.False(await IsThereAsync(mark));

        static ChangeStatement Insert(Guid mark) => new(mark, $"{mark}", $"INSERT INTO \"Commits\" VALUES ('{mark}')", []);
    }

    [Fact]
    public async Task Many_codes_at_once_are_redeemed_once_each()
    {
        stores.OrSkip();
        var codes = new List<Domain.Tokens.AuthorizationCode>();
        for (var index = 0; index < 20; index++)
            codes.Add((await stores.AllowAsync()).Code);
        var results = await stores.RaceAsync(100, (IAuthorizationCodeStore store, int racer) =>
            store.TryRedeemAsync(codes[racer % 20].Hash, stores.Now, null, Rows.Ct)
        );
        Assert.Equal(
            Enumerable.Repeat(1, 20),
            Enumerable.Range(0, 20).Select(code => results.Where((won, racer) => won && racer % 20 == code).Count())
        );
    }

    // As many as can be on their way, so that what comes next waits and is gathered.
    private static List<Task> Before(Func<Task> send) => [.. Enumerable.Range(0, Gathering<string, bool>.MostGroups).Select(_ => send())];

    private async Task<NpgsqlConnection> HoldAsync()
    {
        var connection = new NpgsqlConnection($"{stores.Address};Pooling=false"); // so that it ends when it is disposed of
        await connection.OpenAsync(Rows.Ct);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(1)", connection);
        await command.ExecuteNonQueryAsync(Rows.Ct);
        return connection;
    }

    private static T Get<T>(AsyncServiceScope request)
        where T : notnull => request.ServiceProvider.GetRequiredService<T>();

    private Task<bool> IsThereAsync(Guid mark) =>
        stores.InAsync((OAuthDbContext db) => db.Set<CommitRow>().AnyAsync(row => row.Id == mark, Rows.Ct));
}
