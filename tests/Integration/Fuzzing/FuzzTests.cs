using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using OAuthMcp.Integration.Hosting;
using OAuthMcp.Integration.Upstream;

namespace OAuthMcp.Integration.Fuzzing;

/// <summary>
/// Requests that nobody thought of, at every endpoint and every page: the server refuses them in its own words and goes on. A
/// failure names the seed and the request; <c>OAUTHMCP_FUZZ_SEED</c> repeats a run, <c>OAUTHMCP_FUZZ_REQUESTS</c> lengthens it.
/// </summary>
public sealed class FuzzTests
{
    private const int Connections = 8;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);
    private static readonly int Requests = Setting("OAUTHMCP_FUZZ_REQUESTS", 20_000);
    private static readonly int Seed = Setting("OAUTHMCP_FUZZ_SEED", 20261123);
    private readonly RouteWatch watch = new();
    private readonly ConcurrentDictionary<string, bool> codes = new();

    [Fact]
    public async Task P_06_refuses_whatever_comes_and_still_signs_people_in()
    {
        await using var provider = await GitHubStandIn.StartAsync();
        await using var server = await TestServer.StartAsync(
            services => services.AddSingleton<IStartupFilter>(watch),
            [
                .. UpstreamServer.Keys(provider, "github"),
                ("Accounts:Local", "true"),
                ("Accounts:Seed:2:UserName", FuzzSession.HalfWay),
                ("Accounts:Seed:2:Password", TestServer.Password),
            ]
        );
        await AuthenticatorApp.SetUpAsync(server, FuzzSession.HalfWay);
        using var client = await TestClient.RegisterAsync(server);
        var (access, _) = await client.SignInAsync();
        var before = await server.RowsAsync();
        var verdict = new FuzzVerdict(server.Address, new Uri(new Uri(provider.BaseUrl), GitHubStandIn.AuthorizePath));
        // All but a stream that reads nothing of its request and takes its time.
        var routes = server
            .App.Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText != "/health/stream")
            .ToList();
        var sessions = new List<FuzzSession>();
        for (var connection = 0; connection < Connections; connection++)
            sessions.Add(await FuzzSession.StartAsync(server, client, "bob"));

        var patterns = routes.ConvertAll(route => $"/{route.RoutePattern.RawText!.Trim('/')}");
        var failures = await Task.WhenAll(
            sessions.Select(
                (session, index) =>
                    Task.Run(
                        () => AttackAsync(server, verdict, new(Seed + index, server.Address, patterns, client.Id, access, session)),
                        TestContext.Current.CancellationToken
                    )
            )
        );
        sessions.ForEach(session => session.Dispose());

        List<string> faults =
        [
            .. failures.OfType<string>(),
            .. server.Log.All.Where(line => IsFault(line) || Shows(line, access)).Take(Connections).Select(Short),
        ];
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.Empty(routes.Select(RouteWatch.NameOf).Except(watch.Hits.Keys));
        // What a browser allowed is there, and nothing else.
        Assert.Equal(before with { Codes = before.Codes + codes.Count, Grants = before.Grants + codes.Count }, await server.RowsAsync());
        using var late = await TestClient.RegisterAsync(server);
        Assert.True(await server.AcceptsAsync((await late.SignInAsync()).Access));
    }

    private async Task<string?> AttackAsync(TestServer server, FuzzVerdict verdict, FuzzGrammar grammar)
    {
        using var connection = new KeepAlive(server.Address);
        foreach (var request in grammar.Requests().Take(Requests / Connections))
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                limit.CancelAfter(TimeLimit);
                var answer = await connection.SendAsync(request, limit.Token);
                if (verdict.Complaint(request, answer, grammar.Session.Secrets) is { } complaint)
                    return $"{complaint}:\n{Short(answer.Text)}\n--- after OAUTHMCP_FUZZ_SEED={Seed}\n{Short(request)}";
                if (CodeIn(answer) is { } code)
                    codes.TryAdd(code, true);
                if (FuzzSession.IsSpent(request, answer))
                    await grammar.Session.RenewAsync();
            }
            catch (Exception failure)
                when (failure
                        is IOException
                            or OperationCanceledException
                            or FormatException
                            or InvalidOperationException
                            or IndexOutOfRangeException
                )
            {
                return $"{failure.GetType().Name} {failure.Message}\n--- after OAUTHMCP_FUZZ_SEED={Seed}\n{Short(request)}";
            }

        return null;
    }

    private static string? CodeIn(RawAnswer answer) =>
        answer.Header("Location") is ['h', ..] location
        && location.StartsWith("http://127.0.0.1", StringComparison.Ordinal)
        && QueryHelpers.ParseQuery(new Uri(location).Query).TryGetValue("code", out var code)
            ? code.ToString()
            : null;

    private static bool IsFault(string line) =>
        line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Fatal ", StringComparison.Ordinal);

    private static bool Shows(string line, string access) =>
        line.Contains(access, StringComparison.Ordinal) || line.Contains(TestServer.Password, StringComparison.Ordinal);

    // What is repeated is left out, and so are the cookies, which are alike.
    private static string Short(string text)
    {
        text = Regex.Replace(Regex.Replace(text, @"(..?.?.?.?)\1{20,}", "$1…"), @"\bCfDJ8[\w-]{20,}", "CfDJ8…");
        return text.Length > 4000 ? $"{text[..4000]}… ({text.Length})" : text;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
