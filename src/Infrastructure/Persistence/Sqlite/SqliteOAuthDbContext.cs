using System.Data.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>
/// SQLite cannot compare values of <see cref="DateTimeOffset"/>, so they are stored as UTC ticks. It has one writer, for which all
/// writes wait in a queue.
/// </summary>
internal sealed class SqliteOAuthDbContext : OAuthDbContext
{
    // Transactions always, so that single statements wait in the queue too.
    public SqliteOAuthDbContext(DbContextOptions<SqliteOAuthDbContext> options)
        : base(options) => Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    private GroupCommit Writer => field ??= this.GetService<GroupCommit>();

    private PreparedConnections Connections => field ??= this.GetService<PreparedConnections>();

    internal override async Task<T?> ReadAsync<T>(
        string statement,
        (RelationalTypeMapping? Mapping, object? Value)[] values,
        Func<DbDataReader, T> read,
        CancellationToken ct
    )
        where T : class
    {
        if (Database.CurrentTransaction is not { } open)
            return Connections.Read(statement, values, read);
        await using var command = Database.GetDbConnection().CreateCommand();
        (command.CommandText, command.Transaction) = (statement, open.GetDbTransaction());
        StatementValues.Fill(command, values);
        return await ReadAsync(command, read, ct);
    }

    // A transaction has the turn already, and waiting for another would never end.
    internal override Task<T> WriteAsync<T>(Func<WriteUnit, Task<T>> work, CancellationToken ct) =>
        Database.CurrentTransaction is { } open ? work(new WriteUnit(Model, open.GetDbTransaction())) : Writer.RunAsync(Model, work, ct);

    // COMMIT is a call in this process: where it fails, nothing was committed, and nothing has to be found out.
    internal override async Task<T> InTransactionAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await using var transaction = await Database.BeginTransactionAsync(ct);
        var result = await work();
        await transaction.CommitAsync(ct);
        return result;
    }

    // Whoever is in a transaction is the one writer.
    internal override Task TakeTurnAsync(string name, CancellationToken ct) => Task.CompletedTask;

    // Nothing in SQLite calls another process, which looks twice a second.
    internal override Task WakeFollowersAsync(CancellationToken ct) => Task.CompletedTask;

    internal override Task AllowLongWorkAsync(CancellationToken ct) => Task.CompletedTask; // nothing ends a statement

    // Moves the write-ahead log into the database and empties it, unless somebody is reading.
    internal override Task TidyAsync(CancellationToken ct) => Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", ct);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    internal sealed class UtcTicksConverter()
        : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>For <c>dotnet ef</c>.</summary>
    internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<SqliteOAuthDbContext>
    {
        public SqliteOAuthDbContext CreateDbContext(string[] args) =>
            new(
                new DbContextOptionsBuilder<SqliteOAuthDbContext>()
                    .UseSqlite("Data Source=:memory:")
                    .UseApplicationServiceProvider(
                        new ServiceCollection()
                            .Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchema)
                            .BuildServiceProvider()
                    )
                    .Options
            );
    }
}
