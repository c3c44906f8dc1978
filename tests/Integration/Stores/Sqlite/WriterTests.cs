using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OAuthMcp.Application.Accounts;
using OAuthMcp.Application.Protocol;
using OAuthMcp.Application.Tokens;
using OAuthMcp.Domain.Protocol;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Stores.Sqlite;

/// <summary>SQLite's one writer, and the queue in front of it.</summary>
public sealed class WriterTests : IAsyncLifetime
{
    private readonly SqliteStores stores = new() { Places = 20, Patience = TimeSpan.FromMilliseconds(300) };

    public ValueTask InitializeAsync() => stores.InitializeAsync();

    [Fact]
    public async Task H5_refuses_every_kind_of_write_in_time_while_another_process_has_the_lock()
    {
        var (grant, _) = await stores.AllowAsync((await stores.AccountAsync()).Subject);
        await using (await stores.HoldLockAsync())
        {
            await AssertBusyAsync(() => UseAsync("grouped"));
            // by ExecuteUpdate, then by SaveChanges
            await AssertBusyAsync(() => stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct)));
            await AssertBusyAsync(() => stores.InAsync((IAccounts accounts) => accounts.AddAsync("carol", Rows.Password, Rows.Ct)));
            await AssertBusyAsync(() => stores.InAsync((OAuthDbContext db) => db.Database.BeginTransactionAsync(Rows.Ct)));
            Assert.NotNull(await stores.InAsync((IGrantStore grants) => grants.FindAsync(grant.Id, Rows.Ct)));
        }

        Assert.True(await UseAsync("grouped"));
        await stores.InAsync((IGrantStore grants) => grants.RevokeAsync(grant.Id, stores.Now, Rows.Ct));
    }

    [Fact]
    public async Task H5_goes_on_as_soon_as_the_other_process_is_done()
    {
        Task<bool> waiting;
        await using (await stores.HoldLockAsync())
            waiting = UseAsync(Identifier.New("jti"));
        Assert.True(await waiting);
    }

    [Fact]
    public async Task H5_holds_no_thread_while_it_waits()
    {
        await using var held = await stores.HoldLockAsync();
        var before = ThreadPool.ThreadCount;
        var waiting = Enumerable.Range(0, 18).Select(_ => AssertBusyAsync(() => UseAsync(Identifier.New("jti")))).ToList();
        var read = Stopwatch.StartNew();
        await stores.InAsync((IGrantStore grants) => grants.FindAsync("grt", Rows.Ct));
        Assert.False(waiting.Exists(task => task.IsCompleted), $"a read took {read.Elapsed}");
        Assert.InRange(ThreadPool.ThreadCount, 0, before + 4);
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task H5_refuses_at_once_who_finds_the_queue_full()
    {
        List<Task> waiting;
        await using (await stores.HoldLockAsync())
        {
            waiting = [.. Enumerable.Range(0, 20).Select(Task (_) => UseAsync(Identifier.New("jti")))];
            var failure = await Assert.ThrowsAsync<WriterBusyException>(() => UseAsync(Identifier.New("jti")));
            Assert.Contains("Too many", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(waiting, task => task.IsCompleted);
        }

        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task H5_lets_the_next_one_in_after_a_transaction_that_was_given_up()
    {
        await stores.InAsync(
            async (OAuthDbContext db) =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(Rows.Ct);
                await db.Users.ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, stores.Now), Rows.Ct);
            }
        );
        Assert.True(await UseAsync(Identifier.New("jti")));
    }

    [Fact]
    public async Task Is_a_part_of_the_transaction_that_it_is_called_in()
    {
        var (kept, lost) = (Identifier.New("jti"), Identifier.New("jti"));
        foreach (var (id, isCommitted) in new[] { (kept, true), (lost, false) })
            await stores.InAsync(
                async (OAuthDbContext db) =>
                {
                    await using var transaction = await db.Database.BeginTransactionAsync(Rows.Ct);
                    Assert.True(await db.WriteAsync(unit => unit.TryInsertNewAsync(Used(id)), Rows.Ct));
                    if (isCommitted)
                        await transaction.CommitAsync(Rows.Ct);
                }
            );
        Assert.Equal((false, true), (await UseAsync(kept), await UseAsync(lost)));

        UsedOnceRow Used(string id) => new(UsedKind.Assertion, id, stores.Now.AddMinutes(5));
    }

    [Fact]
    public async Task Commits_together_what_has_gathered_and_spares_the_others_what_one_did_wrong()
    {
        List<Task<bool>> good = [];
        Task<int> bad;
        long before;
        await using (await stores.HoldLockAsync())
        {
            before = await FramesAsync();
            good.AddRange(Enumerable.Range(0, 8).Select(_ => UseAsync(Identifier.New("jti"))));
            bad = stores.InAsync(
                (OAuthDbContext db) =>
                    db.WriteAsync(
                        async unit =>
                        {
                            await unit.TryInsertNewAsync(new UsedOnceRow(UsedKind.Passkey, "half", stores.Now));
                            return await unit.ExecuteAsync($"""INSERT INTO "Nowhere" VALUES ({1})""");
                        },
                        Rows.Ct
                    )
            );
            good.AddRange(Enumerable.Range(0, 8).Select(_ => UseAsync(Identifier.New("jti"))));
        }

        Assert.All(await Task.WhenAll(good), Assert.True);
        await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Equal(0, await stores.InAsync((OAuthDbContext db) => db.UsedOnce.CountAsync(used => used.Id == "half", Rows.Ct)));
        Assert.InRange(await FramesAsync() - before, 1, 8); // pages of one or two commits, where sixteen would be fifty
    }

    [Fact]
    public async Task M14_refuses_to_write_to_a_file_that_was_deleted()
    {
        Assert.True(await UseAsync(Identifier.New("jti")));
        stores.MoveFile();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => UseAsync(Identifier.New("jti")));
        await Assert.ThrowsAnyAsync<Exception>(() => stores.AccountAsync());
        stores.MoveFileBack();
        Assert.True(await UseAsync(Identifier.New("jti")));
    }

    private Task<bool> UseAsync(string id) =>
        stores.InAsync((IUsedOnce used) => used.TryUseAsync(UsedKind.Assertion, id, stores.Now.AddMinutes(5), Rows.Ct));

    /// <summary>How long the write-ahead log is, in pages.</summary>
    private Task<long> FramesAsync() => Task.FromResult(new FileInfo(stores.Database + "-wal").Length / 4096);

    private static async Task AssertBusyAsync(Func<Task> write)
    {
        var time = Stopwatch.StartNew();
        await Assert.ThrowsAsync<WriterBusyException>(write);
        Assert.InRange(time.Elapsed, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync() => stores.DisposeAsync();
}
