using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OAuthMcp.Client.OAuth;

/// <summary>
/// How this program speaks to authorization servers: JSON answers, members in snake_case, no redirect followed, 1 MB and 30 seconds at
/// most.
/// </summary>
internal static class OAuthHttp
{
    public static JsonSerializerOptions Json { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            WriteIndented = true,
        };

    public static HttpClient Client(HttpMessageHandler handler) =>
        new(handler)
        {
            MaxResponseContentBufferSize = 1024 * 1024,
            Timeout = TimeSpan.FromSeconds(30),
            DefaultRequestHeaders = { Accept = { new MediaTypeWithQualityHeaderValue("application/json") } },
        };

    /// <summary>The document at a URL; null when there is none, whatever there is instead.</summary>
    public static async Task<T?> FindDocumentAsync<T>(this HttpClient http, Uri url, CancellationToken ct)
        where T : class
    {
        using var response = await http.GetAsync(url, ct);
        return response.IsSuccessStatusCode ? await ReadAsync<T>(response, ct) : null;
    }

    /// <summary>Sends a request and reads what it is answered with.</summary>
    /// <exception cref="OAuthException">The server refused, with its error code (RFC 6749 §5.2, RFC 7591 §3.2.2), or answered with
    /// something else.</exception>
    public static async Task<T> RequestAsync<T>(this HttpClient http, HttpRequestMessage request, CancellationToken ct)
        where T : class
    {
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode)
            throw await RefusalAsync(response, ct);
        return await ReadAsync<T>(response, ct)
            ?? throw new OAuthException($"{request.RequestUri} answered with something else than JSON.");
    }

    public static async Task<OAuthException> RefusalAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var refusal = await ReadAsync<JsonObject>(response, ct);
        var error = refusal?["error"]?.ToString();
        return new OAuthException(
            $"{response.RequestMessage!.RequestUri} answered {(int)response.StatusCode} {error} {refusal?["error_description"]}".TrimEnd(),
            error
        );
    }

    private static async Task<T?> ReadAsync<T>(HttpResponseMessage response, CancellationToken ct)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Json, ct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
