using System.Net;
using System.Text;
using System.Text.Json;

namespace OAuthMcp.Api.Doctor;

/// <summary>
/// One look at a server from outside, as a client has it: requests that follow no redirect, and what was read so far. A certificate that
/// is not trusted is found by its own check, and keeps the others from nothing.
/// </summary>
internal sealed class Visit : IDisposable
{
    /// <summary>A name that nobody has (RFC 2606).</summary>
    public const string Stranger = "doctor.invalid";

    private const int LargestAnswer = 1024 * 1024;
    private readonly HttpClient http;

    public Visit(Uri url)
    {
        Address = url;
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
#pragma warning disable CA5359 // what is wrong with the certificate is a finding, and nothing sent here is worth reading
                SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
#pragma warning restore CA5359
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan, // each check has its own
            MaxResponseContentBufferSize = LargestAnswer,
        };
    }

    public Uri Address { get; }

    /// <summary>Scheme and authority, which is what clients were given.</summary>
    public string Url => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether anybody answered.</summary>
    public bool IsReached { get; set; }

    /// <summary>Protected resource metadata, once read (RFC 9728).</summary>
    public JsonElement? Resource { get; set; }

    /// <summary>Where tokens come from, as the resource spells it.</summary>
    public string Issuer => Resource is { } resource && resource.Strings("authorization_servers") is [var first, ..] ? first : Url;

    /// <summary>Whether the resource signs people in itself, under whichever name it has.</summary>
    public bool IsIssuerHere =>
        Issuer.TrimEnd('/') == Url || (Resource?.Text("resource") is { } named && named == Issuer.TrimEnd('/') + "/mcp");

    /// <summary>Authorization server metadata, once read (RFC 8414).</summary>
    public JsonElement? Server { get; set; }

    /// <summary>A stream that was begun, for the check of its end.</summary>
    public StreamReader? Stream { get; set; }

    /// <summary>The whole answer.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) => http.SendAsync(request, ct);

    /// <summary>The answer as it begins.</summary>
    public Task<HttpResponseMessage> BeginAsync(HttpRequestMessage request, CancellationToken ct) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);

    /// <param name="path">Of this server, or a whole URL.</param>
    public HttpRequestMessage Request(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    /// <summary>A message to the protected endpoint, as clients send it.</summary>
    public HttpRequestMessage Message(params (string Name, string Value)[] headers)
    {
        var request = Request(HttpMethod.Post, "/mcp", [("Accept", "application/json, text/event-stream"), .. headers]);
        request.Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json");
        return request;
    }

    /// <summary>A JSON document.</summary>
    /// <returns>The document, or else why there is none.</returns>
    public async Task<(JsonElement? Document, Finding? Fault)> ReadAsync(
        string path,
        CancellationToken ct,
        params (string Name, string Value)[] headers
    )
    {
        using var answer = await SendAsync(Request(HttpMethod.Get, path, [("Accept", "application/json"), .. headers]), ct);
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        if (answer.StatusCode != HttpStatusCode.OK)
            return (null, Answers.Explain(answer, body.Length, $"Let the proxy send {new Uri(Address, path).AbsolutePath} to the server."));
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (document.RootElement.Clone(), null)
                : (null, Answers.NoJson(answer));
        }
        catch (JsonException)
        {
            return (null, Answers.NoJson(answer));
        }
    }

    public void Dispose()
    {
        Stream?.Dispose();
        http.Dispose();
    }
}
