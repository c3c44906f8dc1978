using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using OAuthMcp.Integration.Hosting;

namespace OAuthMcp.Integration.Flood;

/// <summary>Somebody who asks as fast as the answers come, always for the same, from an address of this machine.</summary>
/// <param name="documents">Scheme and authority of a host that never answers.</param>
internal sealed class Stranger(int number, Uri server, Uri documents) : IDisposable
{
    private const int Addresses = 8;

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = async (context, ct) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, (byte)(2 + (number % Addresses))]), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }
    )
    {
        BaseAddress = server,
    };

    private int asked;
    private string? clientId;

    /// <summary>The answers, counted by status.</summary>
    public Dictionary<HttpStatusCode, int> Answers { get; } = [];

    public async Task FloodAsync(CancellationToken ct)
    {
        Func<CancellationToken, Task<HttpResponseMessage>>[] ways =
        [
            RegisterAsync,
            BeginAsync,
            GuessAsync,
            NameDocumentAsync,
            CallAsync,
            SendMuchAsync,
        ];
        var way = ways[number % ways.Length];
        while (!ct.IsCancellationRequested)
            try
            {
                asked++;
                using var answer = await way(ct);
                Answers[answer.StatusCode] = Answers.GetValueOrDefault(answer.StatusCode) + 1;
            }
            catch (HttpRequestException)
            {
                // The server hung up on it, as it may.
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
    }

    public void Dispose() => http.Dispose();

    private Task<HttpResponseMessage> RegisterAsync(CancellationToken ct) =>
        http.PostAsJsonAsync("/register", new { redirect_uris = new[] { TestClient.RedirectUri }, client_name = $"App {asked}" }, ct);

    private async Task<HttpResponseMessage> BeginAsync(CancellationToken ct)
    {
        if (clientId is null)
        {
            using var registered = await RegisterAsync(ct);
            if (registered.StatusCode != HttpStatusCode.Created)
                return await http.GetAsync("/signin", ct);
            clientId = (string)(await registered.JsonAsync())["client_id"]!;
        }

        using var begun = await http.GetAsync(AuthorizationUrl(clientId), ct);
        return await http.GetAsync(begun.Headers.Location ?? new Uri("/", UriKind.Relative), ct);
    }

    private async Task<HttpResponseMessage> GuessAsync(CancellationToken ct)
    {
        using var page = await http.GetAsync("/signin", ct);
        if (!page.IsSuccessStatusCode)
            return await http.PostAsync("/signin", new FormUrlEncodedContent([new("username", "x"), new("password", "guess")]), ct);
        var html = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync(ct));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/signin")
        {
            Content = new FormUrlEncodedContent([
                new("username", $"stranger{number}-{asked}"),
                new("password", "guess"),
                new(
                    BrowserForms.AntiforgeryField,
                    ((IHtmlInputElement)html.QuerySelector($"[name={BrowserForms.AntiforgeryField}]")!).Value
                ),
            ]),
        };
        request.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return await http.SendAsync(request, ct);
    }

    private Task<HttpResponseMessage> NameDocumentAsync(CancellationToken ct) =>
        http.GetAsync(AuthorizationUrl(new Uri(documents, $"/{number}-{asked}.json").AbsoluteUri), ct);

    private Task<HttpResponseMessage> CallAsync(CancellationToken ct) =>
        http.SendAsync(McpRequests.Request($"eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.e30.{asked:x43}{number:x43}"), ct);

    private Task<HttpResponseMessage> SendMuchAsync(CancellationToken ct) =>
        http.PostAsync(
            asked % 2 == 0 ? "/token" : "/signin",
            new StringContent(
                asked % 3 == 0
                    ? "a=".PadRight(1_000_000, 'a')
                    : string.Join('&', Enumerable.Range(0, 2000).Select(key => $"k{key}=%41%42")),
                Encoding.ASCII,
                "application/x-www-form-urlencoded"
            ),
            ct
        );

    private static string AuthorizationUrl(string clientId) =>
        $"/authorize?response_type=code&client_id={Uri.EscapeDataString(clientId)}"
        + $"&redirect_uri={Uri.EscapeDataString(TestClient.RedirectUri)}"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=x";
}
