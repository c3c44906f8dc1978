using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Upstream;

/// <summary>
/// An authority that is down, slow or talks nonsense: that is no fault of the token, is said in time, and is over when the trouble is.
/// </summary>
public sealed class AuthorityFaultTests : IAsyncLifetime
{
    private const string Secret = "the secret: 100% of this server/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SmallIssuer issuer = null!;

    public async ValueTask InitializeAsync() => issuer = await SmallIssuer.StartAsync();

    public ValueTask DisposeAsync() => issuer.DisposeAsync();

    [Theory]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/keys")]
    public async Task F_41_nonsense_in_place_of_metadata_or_keys_is_trouble_and_passes(string path)
    {
        await using var server = await StartAsync();
        var token = issuer.Sign(server.Resource);
        foreach (var (name, fault) in Faults)
        {
            issuer.Answers[path] = fault;
            await AssertUnavailableAsync(server, token, name);
        }

        issuer.Answers.Clear();
        Assert.True(await server.AcceptsAsync(token));
    }

    [Fact]
    public async Task F_41_nonsense_in_place_of_an_introspection_is_trouble_and_passes()
    {
        await using var server = await IntrospectingAsync();
        issuer.Answers["/keys"] = Faults["an error"]; // which are not needed
        foreach (var (name, fault) in Faults)
        {
            issuer.Answers["/introspect"] = fault;
            await AssertUnavailableAsync(server, "opaque", name);
        }

        issuer.Answers.Clear();
        Assert.True(await server.AcceptsAsync("opaque"));
        Assert.Equal(
            $"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"this-server:{Uri.EscapeDataString(Secret)}"))}",
            issuer.Introspectors.Last()
        ); // RFC 6749 §2.3.1
    }

    [Theory]
    [InlineData("issuer", "https://evil.example")]
    [InlineData("issuer", null)]
    [InlineData("jwks_uri", null)]
    [InlineData("jwks_uri", "http://evil.example/keys")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    [InlineData("jwks_uri", "/keys")]
    public async Task Uses_no_metadata_of_another_issuer_nor_an_endpoint_that_is_not_safe(string name, string? value)
    {
        issuer.Metadata = [(name, value)];
        await using var server = await StartAsync();
        await AssertUnavailableAsync(server, issuer.Sign(server.Resource), name);
    }

    [Fact]
    public async Task F_41_eight_callers_wait_together_for_an_issuer_that_hangs_and_it_is_asked_once()
    {
        var asked = 0;
        issuer.Answers["/.well-known/openid-configuration"] = http =>
        {
            Interlocked.Increment(ref asked);
            return StandIn.GoneAsync(http);
        };
        await using var server = await StartAsync();
        var token = issuer.Sign(server.Resource);
        var waited = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostMcpAsync(token)));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Patience);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Assert.Equal(1, asked);
        foreach (var answer in answers)
            answer.Dispose();

        issuer.Answers.Clear();
        Assert.True(await server.AcceptsAsync(token));
    }

    [Fact]
    public async Task B_17_a_key_that_cannot_be_looked_up_is_trouble_and_forgers_do_not_make_it_ask_on()
    {
        await using var server = await StartAsync();
        Assert.True(await server.AcceptsAsync(issuer.Sign(server.Resource)));
        issuer.Rotate("second");
        issuer.Answers["/keys"] = Faults["an error"];
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        var asked = issuer.Asked("/keys");
        await AssertUnavailableAsync(server, issuer.Sign(server.Resource), "rotated");
        var tries = issuer.Asked("/keys") - asked;
        for (var i = 0; i < 20; i++)
            await AssertUnavailableAsync(server, issuer.Sign(server.Resource, by: SmallIssuer.NewKey("ES256", $"forged-{i}")), "forged");
        Assert.Equal(asked + tries, issuer.Asked("/keys"));

        issuer.Answers.Clear();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await server.AcceptsAsync(issuer.Sign(server.Resource)));
    }

    [Fact]
    public async Task B_15_what_a_withdrawn_key_has_signed_is_refused_after_an_hour_though_it_was_seen_before()
    {
        await using var server = await StartAsync();
        var token = issuer.Sign(
            server.Resource,
            new Dictionary<string, object?> { ["exp"] = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds() }
        );
        Assert.True(await server.AcceptsAsync(token));
        issuer.Rotate("second");
        Assert.True(await server.AcceptsAsync(token));
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.False(await server.AcceptsAsync(token));
    }

    [Fact]
    public async Task M12_keeps_a_refusal_for_seconds_so_that_a_token_that_was_not_known_yet_is_taken()
    {
        await using var server = await IntrospectingAsync();
        var good = issuer.Introspection;
        issuer.Introspection = _ => new { active = false };
        for (var i = 0; i < 5; i++)
            Assert.False(await server.AcceptsAsync("opaque"));
        Assert.Equal(1, issuer.Asked("/introspect"));
        issuer.Introspection = good;
        server.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(await server.AcceptsAsync("opaque"));
    }

    [Fact]
    public async Task Introspection_keeps_an_answer_no_longer_than_the_token_lives()
    {
        await using var server = await IntrospectingAsync(("Authority:IntrospectionCache", "00:05:00"));
        issuer.Introspection = _ => Active(server, DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.True(await server.AcceptsAsync("opaque"));
        server.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await server.AcceptsAsync("opaque"));
    }

    [Fact]
    public async Task Introspection_asks_about_each_request_where_nothing_is_to_be_kept()
    {
        await using var server = await IntrospectingAsync(("Authority:IntrospectionCache", "00:00:00"));
        Assert.True(await server.AcceptsAsync("opaque"));
        issuer.Introspection = _ => new { active = false };
        Assert.False(await server.AcceptsAsync("opaque"));
    }

    [Fact]
    public async Task M12_a_flood_of_one_peers_tokens_takes_its_share_and_no_more()
    {
        await using var server = await IntrospectingAsync();
        var (arrived, full) = (0, new TaskCompletionSource());
        issuer.Answers["/introspect"] = async http =>
        {
            if (Interlocked.Increment(ref arrived) == 16)
                full.SetResult();
            await full.Task;
            await UpstreamStandIn.AnswerJsonAsync(http, new { active = false });
        };
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(number => server.AcceptsAsync($"guess-{number}"))), Assert.False);
        Assert.InRange(issuer.Connections, 1, 17);
        Assert.Equal(200, arrived);
    }

    [Fact]
    public async Task M12_a_token_that_was_good_before_does_not_wait_behind_guesses()
    {
        await using var server = await IntrospectingAsync();
        Assert.True(await server.AcceptsAsync("good"));
        server.Clock.Advance(TimeSpan.FromSeconds(31)); // it has to be asked about again
        var (arrived, full, open) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        issuer.Answers["/introspect"] = async http =>
        {
            var form = await UpstreamStandIn.FormAsync(http);
            if (form["token"] != "good")
            {
                if (Interlocked.Increment(ref arrived) == 16)
                    full.SetResult();
                await open.Task;
            }

            await UpstreamStandIn.AnswerJsonAsync(
                http,
                form["token"] == "good" ? Active(server, DateTimeOffset.UtcNow.AddHours(1)) : new { active = false }
            );
        };
        var guesses = Task.WhenAll(Enumerable.Range(0, 100).Select(number => server.AcceptsAsync($"guess-{number}")));
        await full.Task;
        Assert.True(await server.AcceptsAsync("good"));
        Assert.Equal(16, arrived);
        open.SetResult();
        Assert.All(await guesses, Assert.False);
    }

    private static Dictionary<string, RequestDelegate> Faults =>
        new(ProviderFaultTests.Faults)
        {
            ["refuses this server"] = http => UpstreamStandIn.AnswerJsonAsync(http, new { error = "invalid_client" }, 401),
            ["forbids it"] = http => UpstreamStandIn.AnswerJsonAsync(http, new { active = true }, 403),
            ["an error with status 400"] = http => UpstreamStandIn.AnswerJsonAsync(http, new { error = "invalid_request" }, 400),
            ["two answers in one"] = http => http.Response.WriteAsync("{\"active\":false,\"active\":true,\"keys\":[],\"keys\":[]}"),
        };

    private async Task<TestServer> StartAsync(params (string, string)[] configuration)
    {
        var server = await TestServer.StartAsync([("Authority:Issuer", issuer.Issuer), .. configuration]);
        server.Clock.SkipsWaitsOf = TimeSpan.FromSeconds(5); // between tries
        return server;
    }

    private async Task<TestServer> IntrospectingAsync(params (string, string)[] configuration)
    {
        var server = await StartAsync([("Authority:ClientId", "this-server"), ("Authority:ClientSecret", Secret), .. configuration]);
        issuer.Introspection = _ => Active(server, DateTimeOffset.UtcNow.AddHours(1));
        return server;
    }

    private static object Active(TestServer server, DateTimeOffset until) =>
        new
        {
            active = true,
            sub = "user-1",
            aud = new[] { "https://other.example", server.Resource },
            scope = "mcp.read",
            exp = until.ToUnixTimeSeconds(),
        };

    private static async Task AssertUnavailableAsync(TestServer server, string token, string why)
    {
        var waited = Stopwatch.StartNew();
        using var answer = await server.PostMcpAsync(token);
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{why}: {answer.StatusCode}");
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, Patience);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Empty(answer.Headers.WwwAuthenticate);
    }
}
