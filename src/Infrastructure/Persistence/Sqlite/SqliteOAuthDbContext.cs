using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;

namespace OAuthMcp.Infrastructure.Persistence.Sqlite;

/// <summary>SQLite compares no DateTimeOffset: they are UTC ticks there. It has one writer: all that is written waits in a queue for it.</summary>
internal sealed class SqliteOAuthDbContext : OAuthDbContext
{
    private readonly GroupCommit writer;

    public SqliteOAuthDbContext(DbContextOptions<SqliteOAuthDbContext> options, GroupCommit writer)
        : base(options)
    {
        this.writer = writer;
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always; // a single statement of SaveChanges waits too
    }

    // Whoever is in a transaction has the turn already, and would wait for himself.
    internal override Task<T> WriteAsync<T>(Func<WriteUnit, Task<T>> work, CancellationToken ct) =>
        Database.CurrentTransaction is { } open ? work(new WriteUnit(Model, open.GetDbTransaction())) : writer.RunAsync(Model, work, ct);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    private sealed class UtcTicksConverter()
        : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>For <c>dotnet ef migrations add</c>.</summary>
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
                    .Options,
                new GroupCommit("Data Source=:memory:", new WriteQueue(0, TimeSpan.Zero))
            );
    }
}
