using System.Globalization;
using Microsoft.Data.Sqlite;

namespace OAuthMcp.Integration.Hosting;

/// <summary>
/// A stop at any commit to the disk leaves a database that starts. A few commits of each run are tried, and every one
/// of them when <c>OAUTHMCP_EVERY_STOP</c> is 1.
/// </summary>
public sealed class StoppedStartTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("serve", false, 6)]
    [InlineData("serve", true, 2)]
    [InlineData("migrate", false, 2)]
    [InlineData("users add carol", true, 1)]
    [InlineData("users set-password alice", true, 1)]
    [InlineData("users disable alice", true, 1)]
    [InlineData("clients add Report --scope mcp.read", true, 1)]
    [InlineData("keys rotate", true, 1)]
    public async Task H2_starts_after_a_stop_at_any_commit(string verb, bool isLater, int samples)
    {
        Requires.Sqlite();
        Requires.Strace();
        var before = isLater ? await StartedAsync() : null;
        var total = await TracedProcess.CountAsync(Arguments(verb, Copy(before)), Input);
        Assert.True(total > 0 || isLater, "A first start that commits nothing?");
        foreach (var commit in Tried(total, samples))
        {
            var data = Copy(before);
            await TracedProcess.KillAtAsync(commit, Arguments(verb, data), Input);
            await using var server = await TestServer.StartAsync(data, TestServer.FreePort());
            using var client = await TestClient.RegisterAsync(server);
            Assert.True(
                await server.AcceptsAsync((await client.SignInAsync("bob")).Access),
                $"After a stop at commit {commit} of {total}."
            );
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        folder.Dispose();
    }

    private const string Input = "a long enough password\n";

    // From the last one back, at equal distances: the end of a run is never left out.
    private static IEnumerable<int> Tried(int total, int samples)
    {
        var count = Environment.GetEnvironmentVariable("OAUTHMCP_EVERY_STOP") == "1" ? total : Math.Min(samples, total);
        return Enumerable.Range(0, count).Select(index => total - (index * total / count));
    }

    private static string[] Arguments(string verb, string data) =>
        [
            .. verb.Split(' '),
            "--addr",
            string.Create(CultureInfo.InvariantCulture, $"localhost:{TestServer.FreePort()}"),
            $"--Server:DataDirectory={data}",
        ];

    private async Task<string> StartedAsync()
    {
        var data = Path.Combine(folder.Path, Path.GetRandomFileName());
        await (await TestServer.StartAsync(data, TestServer.FreePort())).StopAsync();
        SqliteConnection.ClearAllPools();
        return data;
    }

    private string Copy(string? data)
    {
        var copy = Path.Combine(folder.Path, Path.GetRandomFileName());
        if (data is null)
            return copy;
        foreach (var file in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
