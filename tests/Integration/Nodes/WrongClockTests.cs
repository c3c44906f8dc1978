using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Infrastructure.Persistence.Postgres;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Nodes;

/// <summary>A node on a machine whose clock is minutes off, beside one that is right.</summary>
public sealed class WrongClockTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public async Task F_22_a_node_whose_clock_is_wrong_goes_by_the_databases_and_says_so(int seconds)
    {
        Requires.Postgres();
        (string, string)[] keys =
        [
            ("ConnectionStrings:Database", await postgres.NewDatabaseAsync()),
            ("OAuth:PublicUrl", $"http://localhost:{TestServer.FreePort()}"),
        ];
        await using var right = await TestServer.StartAsync(services => Set(services, TimeSpan.Zero), keys);
        await using var wrong = await TestServer.StartAsync(services => Set(services, TimeSpan.FromSeconds(seconds)), keys);
        using var client = await TestClient.RegisterAsync(right);
        foreach (var (here, there) in new[] { (right, wrong), (wrong, right) })
        {
            using var elsewhere = new TestClient(there, client.Id, null, "none");
            var code = await elsewhere.CodeAsync("alice", ("resource", null), ("code_challenge", client.Challenge));
            using var at = new TestClient(here, client.Id, null, "none");
            using var redeemed = await at.ExchangeAsync(code, ("resource", null), ("code_verifier", client.Verifier));
            Assert.Equal(HttpStatusCode.OK, redeemed.StatusCode);
            var access = (string)(await redeemed.JsonAsync())["access_token"]!;
            Assert.True(await here.AcceptsAsync(access));
            Assert.True(await there.AcceptsAsync(access));
        }

        Assert.Null(await WarningAsync(right));
        var warning = await WarningAsync(wrong);
        Assert.Equal(
            $"The clock of this machine is 300 s {(seconds > 0 ? "ahead of" : "behind")} the database's, which is used instead.",
            warning
        );
        Assert.Contains(wrong.Log.All, line => line.Contains(warning!, StringComparison.Ordinal));
    }

    private static void Set(IServiceCollection services, TimeSpan difference) =>
        services
            .AddSingleton(new SharedTime(new Machine(difference)))
            .AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SharedTime>());

    private static async Task<string?> WarningAsync(TestServer node)
    {
        using var http = node.Http();
        using var ready = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        return (string?)(await ready.JsonAsync())["warning"];
    }

    private sealed class Machine(TimeSpan difference) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + difference;
    }
}
