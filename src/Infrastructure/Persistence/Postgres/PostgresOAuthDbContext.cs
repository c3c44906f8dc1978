using System.Data;
using System.Data.Common;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Persistence.Postgres;

/// <summary>
/// PostgreSQL lets transactions run side by side, each statement on what is committed when it begins. What has to be done by one at
/// a time asks for its turn.
/// </summary>
internal sealed class PostgresOAuthDbContext(DbContextOptions<PostgresOAuthDbContext> options) : OAuthDbContext(options)
{
    /// <summary>Of all tables, so that the database may hold other things too.</summary>
    public const string Schema = "oauthmcp";

    private static readonly TimeSpan LongWork = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan NoteLife = TimeSpan.FromMinutes(10); // whoever looks for one has given up long before

    private Outcomes Outcomes => field ??= this.GetService<Outcomes>();

    private GatheredStatements Gathered => field ??= this.GetService<GatheredStatements>();

    internal override async Task<T?> ReadAsync<T>(
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values,
        Func<DbDataReader, T> read,
        CancellationToken ct
    )
        where T : class
    {
        if (Database.CurrentTransaction is not { } open)
            return await Conflicts.RepeatAsync(
                () => Gathered.ReadAsync<T>(new(statement, values, read), ct),
                () => { },
                isTransaction: false
            );
        await using var command = Database.GetDbConnection().CreateCommand();
        (command.CommandText, command.Transaction) = (statement, open.GetDbTransaction());
        StatementValues.Fill(command, values);
        return await ReadAsync(command, read, ct);
    }

    internal override Task<bool> TryChangeAsync<T>(FormattableString change, T? added, FormattableString? removal, CancellationToken ct)
        where T : class =>
        Database.CurrentTransaction is null
            ? Conflicts.RepeatAsync(
                () => Gathered.TryChangeAsync(ChangeStatement.Of(Model, Outcomes.NewMark(), change, added, removal), ct),
                () => { },
                isTransaction: true
            )
            : base.TryChangeAsync(change, added, removal, ct);

    internal override Task<T> WriteAsync<T>(Func<WriteUnit, Task<T>> work, CancellationToken ct) =>
        Database.CurrentTransaction is null ? InTransactionAsync(() => work(Unit()), ct) : work(Unit());

    internal override Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken ct) =>
        Conflicts.RepeatAsync(() => CommitAsync(work, ct), ChangeTracker.Clear, isTransaction: true);

    private async Task<T> CommitAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await using var transaction = await Database.BeginTransactionAsync(ct);
        try
        {
            var result = await work();
            var mark = await Outcomes.MarkAsync(transaction.GetDbTransaction(), ct);
            var since = Stopwatch.GetTimestamp();
            try
            {
                await transaction.CommitAsync(ct);
            }
            catch (Exception failure) when (failure is DbException and not PostgresException or TimeoutException or IOException)
            {
                // It may have happened. Whoever is told that it did not would come again, and be refused as a thief.
                if (!await Outcomes.IsCommittedAsync(mark, since))
                    throw;
            }

            return result;
        }
        catch (Exception failure) when (failure is not DbException && IsLost(transaction.GetDbTransaction()))
        {
            throw new NpgsqlException("The connection to the database was lost.", failure);
        }
    }

    // A connection that is lost in the middle shows itself in many ways: a stream that ended, a transaction that is over already.
    private static bool IsLost(DbTransaction transaction) => transaction.Connection is not { State: ConnectionState.Open };

    internal override Task TakeTurnAsync(string name, CancellationToken ct) =>
        Turn.TakeAsync(Database.CurrentTransaction!.GetDbTransaction(), name, ct);

    // Everybody who revokes waits for the turn that is taken next. A server that vanishes with it loses it after some seconds, and not
    // when the network's own time is over.
    internal override Task WakeFollowersAsync(CancellationToken ct) =>
        Database.ExecuteSqlRawAsync(
            $"SELECT set_config('idle_in_transaction_session_timeout', '5s', true), pg_notify('{RevocationListener.Channel}', '')",
            ct
        );

    internal override Task AllowLongWorkAsync(CancellationToken ct)
    {
        Database.SetCommandTimeout(LongWork);
        return Database.ExecuteSqlRawAsync("SELECT set_config('statement_timeout', '0', true)", ct); // the server ends statements too
    }

    internal override IEnumerable<FormattableString> Notes(DateTimeOffset now, int batch)
    {
        var last = Guid.CreateVersion7(now - NoteLife);
        return
        [
            FormattableStringFactory.Create(
                $"DELETE FROM \"Commits\" WHERE \"Id\" IN (SELECT \"Id\" FROM \"Commits\" WHERE \"Id\" < {{0}} LIMIT {batch})",
                last
            ),
        ];
    }

    internal override Task TidyAsync(CancellationToken ct) => Task.CompletedTask; // autovacuum does

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.Entity<KeyRingRow>().ToTable("KeyRing").HasKey(key => key.Name);
        builder.Entity<CommitRow>().ToTable("Commits").HasKey(commit => commit.Id);
        builder.Entity<CommitRow>().Property(commit => commit.Id).ValueGeneratedNever();
        // Identity gives some of its columns a length, which SQLite ignores: what fits into one database fits into the other.
        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
            property.SetMaxLength(null);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcConverter>();
        // By their bytes, as in SQLite: an index in the order of some language breaks when the system learns another order.
        configurationBuilder.Properties<string>().HaveConversion<TextConverter>().UseCollation("C");
        configurationBuilder.Properties<TokenHash>().UseCollation("C");
    }

    private WriteUnit Unit() => new(Model, Database.CurrentTransaction!.GetDbTransaction(), takeTurn: Turn.TakeAsync, takesArrays: true);

    /// <summary>For <c>dotnet ef</c>.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<PostgresOAuthDbContext>
    {
        public PostgresOAuthDbContext CreateDbContext(string[] args) =>
            new(
                new DbContextOptionsBuilder<PostgresOAuthDbContext>()
                    .UseNpgsql("Host=localhost;Database=none", npgsql => npgsql.MigrationsHistoryTable("__EFMigrationsHistory", Schema))
                    .UseApplicationServiceProvider(
                        new ServiceCollection()
                            .Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchema)
                            .BuildServiceProvider()
                    )
                    .Options
            );
    }
}
