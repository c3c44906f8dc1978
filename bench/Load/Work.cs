using System.Collections.Concurrent;
using System.Text;

namespace OAuthMcp.Load;

/// <summary>The five things that are done to a server, each as a step for each connection.</summary>
internal sealed class Work(Settings settings, Requests requests)
{
    // As many as make codes at a time, however many exchange them.
    private const int Makers = 16;

    private readonly List<(Connection Connection, Func<ValueTask<Outcome>> Step)> loops = [];
    private readonly ConcurrentQueue<string> kept = new();

    /// <summary>The tokens that <c>tokens</c> got.</summary>
    public IReadOnlyCollection<string> Kept => kept;

    public async Task<IReadOnlyList<(Connection Connection, Func<ValueTask<Outcome>> Step)>> PrepareAsync()
    {
        switch (settings.Work)
        {
            case "consent":
                foreach (var browser in await SignInAsync(settings.Connections))
                    Add(connection => AllowAsync(browser.On(connection)));
                break;
            case "code":
                var left = new ConcurrentQueue<byte[]>((await MakeCodesAsync(settings.Count)).Select(requests.Exchange));
                for (var count = 0; count < settings.Connections; count++)
                    Add(connection => () => ExchangeAsync(connection, left));
                break;
            case "refresh":
                foreach (var code in await MakeCodesAsync(settings.Connections))
                {
                    using var first = new Connection(settings.Server);
                    Add(Refresh(await first.SendAsync(requests.Exchange(code))));
                }

                break;
            case "client_credentials":
                var request = requests.Machine();
                for (var count = 0; count < settings.Connections; count++)
                    Add(connection => async () => Judge(await connection.SendAsync(request)));
                break;
            case "tokens":
                var (machine, missing) = (requests.Machine(), settings.Count);
                for (var count = 0; count < settings.Connections; count++)
                    Add(connection =>
                        async () => Interlocked.Decrement(ref missing) < 0 ? Outcome.Over : Keep(await connection.SendAsync(machine))
                    );
                break;
            default:
                throw new ArgumentException($"{settings.Work} is none of consent, code, refresh, client_credentials and tokens.");
        }

        return loops;
    }

    private static Outcome Judge(Answer answer)
    {
        if (answer.Status == 200)
            return Outcome.Good;
        Complaint.Say(answer);
        return Outcome.Bad;
    }

    private Outcome Keep(Answer answer)
    {
        var outcome = Judge(answer);
        if (outcome == Outcome.Good)
            kept.Enqueue(Token(answer, "access_token"));
        return outcome;
    }

    private static async ValueTask<Outcome> ExchangeAsync(Connection connection, ConcurrentQueue<byte[]> left) =>
        left.TryDequeue(out var exchange) ? Judge(await connection.SendAsync(exchange)) : Outcome.Over;

    private static Func<ValueTask<Outcome>> AllowAsync(Browser browser) =>
        async () =>
        {
            var (code, last) = await browser.AllowAsync();
            if (code is not null)
                return Outcome.Good;
            Complaint.Say(last);
            return Outcome.Bad;
        };

    /// <summary>Each time with the token that the last answer brought.</summary>
    private Func<Connection, Func<ValueTask<Outcome>>> Refresh(Answer first)
    {
        var request = requests.Refresh(Token(first, "refresh_token"));
        return connection =>
            async () =>
            {
                var answer = await connection.SendAsync(request);
                var outcome = Judge(answer);
                if (outcome == Outcome.Good)
                    request = requests.Refresh(Token(answer, "refresh_token"));
                return outcome;
            };
    }

    private static string Token(Answer answer, string name) =>
        answer.Member(Encoding.ASCII.GetBytes($"\"{name}\"")) is { Length: > 0 } token
            ? Encoding.ASCII.GetString(token)
            : throw new InvalidOperationException($"There is no {name}: {answer.Status} {answer.Text}");

    private void Add(Func<Connection, Func<ValueTask<Outcome>>> step)
    {
        var connection = new Connection(settings.Server);
        loops.Add((connection, step(connection)));
    }

    /// <summary>A browser for each of so many connections; each user signs in once.</summary>
    private async Task<IReadOnlyList<Browser>> SignInAsync(int count)
    {
        var browsers = new List<Browser>();
        for (var user = 0; user < settings.Users; user++)
        {
            using var connection = new Connection(settings.Server);
            browsers.Add(new Browser(settings, requests, connection, $"bench{user}"));
            var (code, last) = await browsers[user].AllowAsync();
            if (code is null)
                throw new InvalidOperationException($"There is no code: {last.Status} {last.Text}");
        }

        return [.. Enumerable.Range(0, count).Select(index => browsers[index % browsers.Count])];
    }

    private async Task<IReadOnlyCollection<string>> MakeCodesAsync(int count)
    {
        var (codes, missing) = (new ConcurrentBag<string>(), count);
        async Task MakeAsync(Browser browser)
        {
            using var connection = new Connection(settings.Server);
            for (var own = browser.On(connection); Interlocked.Decrement(ref missing) >= 0; )
            {
                var (code, last) = await own.AllowAsync();
                codes.Add(code ?? throw new InvalidOperationException($"There is no code: {last.Status} {last.Text}"));
            }
        }

        await Task.WhenAll((await SignInAsync(Makers)).Select(MakeAsync));
        return codes;
    }
}
