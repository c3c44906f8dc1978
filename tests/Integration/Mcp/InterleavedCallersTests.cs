using System.Collections.Concurrent;
using Microsoft.AspNetCore.WebUtilities;
using ModelContextProtocol.Client;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Mcp;

/// <summary>Many callers at once, each of whom must see, and send, no token but its own.</summary>
public sealed class InterleavedCallersTests
{
    private const int Users = 8;
    private const int GrantsPerUser = 8;
    private const int Callers = Users * GrantsPerUser;
    private const int Rounds = 3;

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task X_02_B_21_nobody_sees_or_sends_the_token_of_another(string revision)
    {
        var gatherings = Enumerable.Range(0, Rounds).Select(_ => new Gathering(Callers)).ToArray();
        var arrived = new ConcurrentDictionary<string, string>();
        await using var api = await StandIn.StartAsync(async http =>
        {
            var message = http.Request.Query["message"].ToString();
            arrived[message] = http.Request.Headers.Authorization.ToString();
            await gatherings[int.Parse(message.Split(' ')[0], null)].ArriveAsync();
            await StandIn.AnythingAsync(http);
        });
        await using var server = await TestServer.StartAsync([
            ("Downstream:BaseAddress", api.Address.AbsoluteUri),
            .. Enumerable.Range(0, Users).SelectMany(user => Seed(user)),
        ]);
        var callers = await SignInAsync(server, revision);
        Assert.Equal(Callers, callers.Select(caller => caller.Token).Distinct().Count());

        for (var round = 0; round < Rounds; round++)
        {
            // All of them are held at the API while all of them look at their token.
            var made = callers.Select(caller => caller.Client.MakeRequestAsync($"{round} {caller.Token[^8..]}")).ToList();
            await gatherings[round].IsFull.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            var shown = await Task.WhenAll(callers.Reverse().Select(ShowAsync));
            gatherings[round].Release();

            Assert.All(shown, seen => Assert.Equal((Masked(seen.Caller), seen.Caller.User), (seen.Token, seen.User)));
            foreach (var (caller, result) in callers.Zip(await Task.WhenAll(made)))
            {
                Assert.NotEqual(true, result.IsError);
                var told = result.StructuredContent!.Value;
                Assert.Equal($"{round} {caller.Token[^8..]}", told.GetProperty("args").GetProperty("message").GetString());
                Assert.Equal($"Bearer {Masked(caller)}", told.GetProperty("headers").GetProperty("Authorization").GetString());
                Assert.Equal($"Bearer {caller.Token}", arrived[$"{round} {caller.Token[^8..]}"]);
            }
        }

        Assert.Equal(Callers * Rounds, api.Requests.Count);
        foreach (var caller in callers)
            await caller.Client.DisposeAsync();
    }

    private static IEnumerable<(string, string)> Seed(int user) =>
        [($"Accounts:Seed:{user}:UserName", $"user{user}"), ($"Accounts:Seed:{user}:Password", TestServer.Password)];

    private static string Masked(Caller caller) => $"{caller.Token[..4]}****{caller.Token[^4..]}";

    private static async Task<(Caller Caller, string? Token, string? User)> ShowAsync(Caller caller)
    {
        var token = await caller.Client.CallToolAsync("show_auth_token", cancellationToken: TestContext.Current.CancellationToken);
        var identity = await caller.Client.CallToolAsync("who_am_i", cancellationToken: TestContext.Current.CancellationToken);
        return (
            caller,
            token.StructuredContent!.Value.GetProperty("token").GetString(),
            identity.StructuredContent!.Value.GetProperty("userName").GetString()
        );
    }

    private static async Task<Caller[]> SignInAsync(TestServer server, string revision)
    {
        using var app = await TestClient.RegisterAsync(server);
        var callers = new List<Caller>();
        for (var user = 0; user < Users; user++)
        {
            using var browser = server.Browser();
            for (var grant = 0; grant < GrantsPerUser; grant++)
            {
                var code = QueryHelpers
                    .ParseQuery((await browser.AllowAsync(app.AuthorizationUrl(), $"user{user}")).Query)["code"]
                    .ToString();
                var token = (string)(await (await app.ExchangeAsync(code)).JsonAsync())["access_token"]!;
                callers.Add(new Caller($"user{user}", token, await Hosting.Callers.ConnectAsync(server, token, revision)));
            }
        }

        Assert.All(callers, caller => Assert.Equal(revision == "2026-07-28", caller.Client.SessionId is null));
        return [.. callers];
    }

    private sealed record Caller(string User, string Token, McpClient Client);

    /// <summary>Holds whoever arrives until the test, having seen that all are there, lets them go.</summary>
    private sealed class Gathering(int size)
    {
        private readonly TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int here;

        public Task IsFull => full.Task;

        public Task ArriveAsync()
        {
            if (Interlocked.Increment(ref here) == size)
                full.SetResult();
            return released.Task;
        }

        public void Release() => released.SetResult();
    }
}
