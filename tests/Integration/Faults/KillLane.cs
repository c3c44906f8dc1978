using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Faults;

/// <summary>
/// A client and its user, who go on whatever is killed, and a journal of what they were answered. An answer that did not arrive
/// leaves open whether its request was done; one that arrived holds for ever.
/// </summary>
/// <param name="find">A node that runs, another one each time.</param>
internal sealed class KillLane(Func<Uri> find, string resource, Random random) : IDisposable
{
    private const string Verifier = "a-verifier-of-forty-three-characters-or-more-in-all";
    private const int Remembered = 4;

    private readonly HttpClient http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Dictionary<Uri, TestBrowser> browsers = [];
    private readonly Queue<KillFamily> revoked = new();
    private readonly Queue<(string Id, string Token)> registrations = new();
    private string? client;
    private KillFamily? family;

    /// <summary>One request more. False when it was not answered.</summary>
    public async Task<bool> StepAsync()
    {
        if (client is null || random.Next(20) == 0)
            return await RegisterAsync();
        if (family is null)
            return await AllowAsync();
        if (family.Refresh is null)
            return await ExchangeAsync(family) is not null;
        return random.Next(5) == 0 ? await RevokeAsync(family) : await RefreshAsync(family) is not null;
    }

    /// <summary>After a fault: nothing that was answered is lost, doubled or undone.</summary>
    public async Task CheckAsync()
    {
        if (family is { Refresh: null } open)
        {
            var wasTried = open.IsExchangeOpen;
            if (await UntilAnsweredAsync(() => ExchangeAsync(open)) == 400)
            {
                Assert.True(wasTried, "A code that nobody had used is refused.");
                family = null;
            }
        }

        if (family is { } alive)
        {
            var wasRevoked = alive.IsRevocationOpen;
            if (await UntilAnsweredAsync(() => RefreshAsync(alive)) == 400)
            {
                Assert.True(wasRevoked, "A refresh token that was answered is lost.");
                Forget(alive);
            }
        }

        foreach (var dead in revoked)
        {
            Assert.Equal(400, await UntilAnsweredAsync(() => RefreshAsync(dead)));
            Assert.Equal(400, await UntilAnsweredAsync(() => ExchangeAsync(dead)));
            Assert.Equal(401, await UntilAnsweredAsync(() => CallAsync(dead.Access!)));
        }

        foreach (var (id, token) in registrations)
            Assert.Equal(200, await UntilAnsweredAsync(() => ReadRegistrationAsync(id, token)));
    }

    /// <summary>At the very end: a token that was rotated long ago does not come back, nor does a code that was redeemed.</summary>
    public async Task CheckSpentAsync()
    {
        if (family is not { Refresh: not null } alive)
            return;
        var spent = alive.Spent.Count > 1 ? new KillFamily(alive.Code, alive.Client) { Refresh = alive.Spent[^2] } : alive;
        if (spent != alive)
            Assert.Equal(400, await UntilAnsweredAsync(() => RefreshAsync(spent)));
        Assert.Equal(400, await UntilAnsweredAsync(() => ExchangeAsync(alive)));
        Assert.Equal(400, await UntilAnsweredAsync(() => RefreshAsync(alive)));
    }

    public void Dispose()
    {
        foreach (var browser in browsers.Values)
            browser.Dispose();
        http.Dispose();
    }

    private async Task<bool> RegisterAsync()
    {
        if (
            await SendAsync(
                HttpMethod.Post,
                "/register",
                JsonContent.Create(new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "none" })
            )
            is not { } answer
        )
            return false;
        Assert.True(answer.Status == 201, $"{answer.Status} {answer.Body}");
        var id = (string)answer.Body!["client_id"]!;
        client ??= id;
        Keep(registrations, (id, (string)answer.Body["registration_access_token"]!));
        return true;
    }

    private async Task<bool> AllowAsync()
    {
        var node = find();
        if (!browsers.TryGetValue(node, out var browser))
            browsers[node] = browser = BrowserSteps.At(node);
        var challenge = Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Verifier))
        );
        try
        {
            var callback = await browser.AllowAsync(
                $"/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(TestClient.RedirectUri)}"
                    + $"&code_challenge={challenge}&code_challenge_method=S256&scope=mcp.read&resource={Uri.EscapeDataString(resource)}"
            );
            family = new KillFamily(QueryHelpers.ParseQuery(callback.Query)["code"].Single()!, client!);
            return true;
        }
        catch (Exception failure) when (IsUnanswered(failure) || browser.Response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            browsers.Remove(node); // a half answer leaves it anywhere
            browser.Dispose();
            return false;
        }
    }

    private async Task<int?> ExchangeAsync(KillFamily of)
    {
        of.IsExchangeOpen = true;
        var answer = await SendAsync(
            HttpMethod.Post,
            "/token",
            Form(
                ("grant_type", "authorization_code"),
                ("code", of.Code),
                ("code_verifier", Verifier),
                ("redirect_uri", TestClient.RedirectUri),
                ("client_id", of.Client)
            )
        );
        if (answer is { Status: 200 } && of.Refresh is not null)
            Assert.Fail("A code was redeemed twice.");
        return Take(of, answer);
    }

    private async Task<int?> RefreshAsync(KillFamily of) =>
        Take(
            of,
            await SendAsync(
                HttpMethod.Post,
                "/token",
                Form(("grant_type", "refresh_token"), ("refresh_token", of.Refresh!), ("client_id", of.Client))
            )
        );

    private async Task<bool> RevokeAsync(KillFamily of)
    {
        of.IsRevocationOpen = true;
        if (await SendAsync(HttpMethod.Post, "/revoke", Form(("token", of.Refresh!), ("client_id", of.Client))) is not { } answer)
            return false;
        Assert.True(answer.Status == 200, $"{answer.Status} {answer.Body}");
        Forget(of);
        return true;
    }

    private async Task<int?> CallAsync(string access)
    {
        using var request = McpRequests.Request(access);
        return (await SendAsync(request))?.Status;
    }

    private async Task<int?> ReadRegistrationAsync(string id, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/register/{id}");
        request.Headers.Authorization = new("Bearer", token);
        return (await SendAsync(request))?.Status;
    }

    private static int? Take(KillFamily of, (int Status, JsonObject? Body)? answer)
    {
        if (answer is not var (status, body))
            return null;
        Assert.True(status == 200 || (status == 400 && (string?)body?["error"] == "invalid_grant"), $"{status} {body}");
        if (status == 200)
            of.Take((string)body!["access_token"]!, (string)body["refresh_token"]!);
        return status;
    }

    private void Forget(KillFamily dead)
    {
        Keep(revoked, dead);
        family = null;
    }

    private static void Keep<T>(Queue<T> queue, T item)
    {
        queue.Enqueue(item);
        if (queue.Count > Remembered)
            queue.Dequeue();
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private async Task<(int Status, JsonObject? Body)?> SendAsync(HttpMethod method, string path, HttpContent content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        return await SendAsync(request);
    }

    private async Task<(int Status, JsonObject? Body)?> SendAsync(HttpRequestMessage request)
    {
        request.RequestUri = new Uri(find(), request.RequestUri!);
        try
        {
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Contains("temporarily_unavailable", body, StringComparison.Ordinal);
                return null;
            }

            return ((int)response.StatusCode, body.StartsWith('{') ? (JsonObject)JsonNode.Parse(body)! : null);
        }
        catch (Exception failure) when (IsUnanswered(failure))
        {
            return null;
        }
    }

    private static bool IsUnanswered(Exception failure) => failure is HttpRequestException or IOException;

    /// <summary>The server serves again by itself, soon.</summary>
    private static async Task<int> UntilAnsweredAsync(Func<Task<int?>> ask)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } status)
                return status;
            Assert.InRange(since.Elapsed, TimeSpan.Zero, Budget.Recovery);
        }
    }
}
