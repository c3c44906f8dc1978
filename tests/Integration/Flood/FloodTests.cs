using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flood;

/// <summary>
/// The program with its own limits, and strangers who want all of it: they register, begin sign-ins, guess passwords, name documents
/// that never come, and send forged tokens and long forms. <c>OAUTHMCP_FLOOD_SECONDS</c> lengthens it, two minutes at most, and
/// holds calls to two seconds: that takes a machine on which nothing else runs.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FloodTests : IDisposable
{
    private const int Strangers = 42;
    private const long MostKilobytes = 600 * 1024;
    private static readonly int? Wanted = Number("OAUTHMCP_FLOOD_SECONDS");
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(Wanted is null ? 15 : 2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Math.Min(Wanted ?? 30, 120));
    private readonly string data = TestServer.NewDataDirectory();

    [Fact]
    public async Task Q_08_strangers_at_every_door_keep_nobody_from_a_call()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start(backlog: 1000); // takes connections and says nothing
        var address = new Uri($"http://localhost:{TestServer.FreePort()}");
        await using var server = await StartAsync(address);
        using var flood = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var strangers = Enumerable
            .Range(0, Strangers)
            .Select(number => new Stranger(number, address, new Uri($"https://localhost:{((IPEndPoint)deaf.LocalEndpoint).Port}")))
            .ToList();
        using var honest = new HonestClient(address, "alice");
        await honest.SignInAsync(); // the program has served before, and is compiled
        await honest.CallAsync();
        var flooding = strangers.ConvertAll(stranger => Task.Run(() => stranger.FloodAsync(flood.Token), CancellationToken.None));
        var times = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (clock.Elapsed < Duration && await second.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            if (times.Count % 10 == 0)
                await honest.SignInAsync();
            var start = Stopwatch.GetTimestamp();
            await honest.CallAsync();
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        await flood.CancelAsync();
        await Task.WhenAll(flooding);
        strangers.ForEach(stranger => stranger.Dispose());
        times.Sort();
        var (slowest, most) = (times[(int)Math.Ceiling(times.Count * 0.99) - 1], MostMemory(server));
        var answers = strangers.SelectMany(stranger => stranger.Answers).GroupBy(answer => answer.Key, answer => answer.Value).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{times.Count} calls, p99 {slowest.TotalMilliseconds:F0} ms, {most / 1024} MB; strangers: "
                + string.Join(", ", answers.Select(answer => $"{(int)answer.Key} {answer.Sum()}"))
        );
        Assert.True(slowest < Longest, $"p99 of {times.Count} calls: {slowest}");
        Assert.InRange(most, 1, MostKilobytes);
        Assert.Contains(answers, answer => answer.Key == HttpStatusCode.TooManyRequests);
        Assert.DoesNotContain(answers, answer => answer.Key == HttpStatusCode.InternalServerError);
        using var http = new HttpClient { BaseAddress = address };
        using var ready = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    private async Task<ServerProcess> StartAsync(Uri address)
    {
        // Documents on this machine, and the API behind the tool, are for development alone.
        var server = ServerProcess.Start(
            [
                "--addr",
                address.Authority,
                $"--Server:DataDirectory={data}",
                "--OAuth:ClientMetadataDocuments:AllowLoopback=true",
                "--Accounts:Seed:0:UserName=alice",
                $"--Accounts:Seed:0:Password={TestServer.Password}",
            ],
            ("ASPNETCORE_ENVIRONMENT", "Development")
        );
        await server.SaysAsync("Application started");
        return server;
    }

    // The peak of what it kept in memory, in kB.
    private static long MostMemory(ServerProcess server) =>
        long.Parse(
            File.ReadLines($"/proc/{server.Process.Id}/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        );

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;

    public void Dispose()
    {
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
    }
}
