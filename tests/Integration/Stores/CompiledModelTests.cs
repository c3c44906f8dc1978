using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Infrastructure.Persistence.Sqlite;

namespace OAuthMcp.Integration.Stores;

/// <summary>The models of the databases are compiled, since making one takes longer than all else at the first use.</summary>
public sealed class CompiledModelTests
{
    [Fact]
    public void On_SQLite_it_is_what_the_mapping_says() =>
        AssertIsCurrent(new SqliteOAuthDbContext.DesignTimeFactory().CreateDbContext([]));

    [Fact]
    public void On_PostgreSQL_it_is_what_the_mapping_says() =>
        AssertIsCurrent(new PostgresOAuthDbContext.DesignTimeFactory().CreateDbContext([]));

    private static void AssertIsCurrent(OAuthDbContext db)
    {
        using (db)
        {
            var (compiled, mapped) = (db.Model, db.GetService<IDesignTimeModel>().Model);
            Assert.EndsWith($"{db.GetType().Name}Model", compiled.GetType().Name, StringComparison.Ordinal);
            Assert.Equal(Describe(mapped), Describe(compiled));
        }
    }

    private static string Describe(IModel model) =>
        model.ToDebugString(MetadataDebugStringOptions.ShortDefault)
        + model.GetRelationalModel().ToDebugString(MetadataDebugStringOptions.ShortDefault);
}
