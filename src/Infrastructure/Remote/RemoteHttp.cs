using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Infrastructure.Remote;

/// <summary>
/// Requests to other authorization servers. No redirect is followed, and an answer must be JSON of at most a megabyte that comes in
/// the time of <see cref="Resilience"/>.
/// </summary>
internal sealed class RemoteHttp(IHttpClientFactory clients)
{
    public const string ClientName = "upstream";

    /// <summary>How many run at one server at a time while others wait, since anybody can make this server ask about a token.</summary>
    public const int MostConnections = 64;

    private const int MaxAnswerSize = 1024 * 1024;

    /// <exception cref="RemoteException">The answer is not 200 with a JSON object.</exception>
    public async Task<JsonElement> GetAsync(string url, Secret? bearer, CancellationToken ct)
    {
        var answer = await AskAsync(url, bearer, ct);
        return answer.ValueKind == JsonValueKind.Object ? answer : throw new RemoteException("the answer is no JSON object");
    }

    /// <exception cref="RemoteException">The answer is not 200 with a JSON array.</exception>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string url, Secret? bearer, CancellationToken ct)
    {
        var answer = await AskAsync(url, bearer, ct);
        return answer.ValueKind == JsonValueKind.Array
            ? [.. answer.EnumerateArray()]
            : throw new RemoteException("the answer is no JSON array");
    }

    /// <summary>
    /// Posts a form with the authentication of the client, and reads the JSON object of the answer, whatever its status.
    /// </summary>
    /// <param name="basic">Client id and secret for the header (RFC 6749 §2.3.1); null when they are in the form.</param>
    /// <param name="mayRepeat">Whether it may be sent again after 429 or 5xx.</param>
    /// <exception cref="RemoteException">The answer is no JSON object.</exception>
    public async Task<FormAnswer> PostAsync(
        string url,
        IEnumerable<KeyValuePair<string, string>> form,
        (string Id, Secret Secret)? basic,
        bool mayRepeat,
        CancellationToken ct
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        if (basic is var (id, secret))
            request.Headers.Authorization = Basic(id, secret);
        if (mayRepeat)
            request.Options.Set(Resilience.MayRepeat, true);
        using var response = await SendAsync(request, ct);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if ((int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests)
            throw new RemoteException($"the answer is {(int)response.StatusCode}");
        return new FormAnswer(
            response.StatusCode,
            body.Length == 0 ? null
                : Parse(body) is { ValueKind: JsonValueKind.Object } members ? members
                : throw new RemoteException("the answer is no JSON object")
        );
    }

    /// <summary>Deletes what the body names, with the client's authentication. True when the answer is 204.</summary>
    public async Task<bool> DeleteAsync(string url, object body, (string Id, Secret Secret) basic, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, url)
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = Basic(basic.Id, basic.Secret) },
        };
        request.Options.Set(Resilience.MayRepeat, true);
        using var response = await SendAsync(request, ct);
        return response.StatusCode == HttpStatusCode.NoContent;
    }

    // RFC 6749 §2.3.1
    private static AuthenticationHeaderValue Basic(string id, Secret secret) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret.Reveal())}")));

    private async Task<JsonElement> AskAsync(string url, Secret? bearer, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer.Reveal());
        request.Options.Set(Resilience.MayRepeat, true);
        using var response = await SendAsync(request, ct);
        return response.StatusCode == HttpStatusCode.OK
            ? Parse(await response.Content.ReadAsByteArrayAsync(ct))
            : throw new RemoteException($"the answer is {(int)response.StatusCode}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.UserAgent.ParseAdd("OAuthMcp"); // GitHub refuses requests without one
        var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerSize, ct);
            return response;
        }
        catch
        {
            response.Dispose(); // ends the connection too, or an endless answer would go on arriving
            throw;
        }
    }

    private static JsonElement Parse(byte[] body) => JsonMembers.Parse(body) ?? throw new RemoteException("the answer is no JSON");
}
