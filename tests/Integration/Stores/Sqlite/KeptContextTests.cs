using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Persistence;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Stores.Sqlite;

/// <summary>Contexts are kept for the next request, which must not meet what the last one had set.</summary>
public sealed class KeptContextTests
{
    [Fact]
    public async Task The_next_request_has_the_bounds_of_the_first()
    {
        Requires.Sqlite();
        await using var server = await TestServer.StartAsync();
        HashSet<OAuthDbContext> met = [];
        var comeBack = 0;
        for (var request = 0; request < 100; request++)
        {
            await using var scope = server.App.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<OAuthDbContext>();
            Assert.Equal(AutoTransactionBehavior.Always, db.Database.AutoTransactionBehavior); // or it would not wait in the queue
            Assert.Null(db.Database.GetCommandTimeout());
            Assert.Empty(db.ChangeTracker.Entries());
            if (!met.Add(db))
                comeBack++;
            db.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
            _ = await db.Users.FirstAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange(comeBack, 1, int.MaxValue);
    }
}
