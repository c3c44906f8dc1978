using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OAuthMcp.Integration.Hosting;

/// <summary>Somebody's https host with client-id metadata documents on it.</summary>
internal sealed class DocumentHost : IAsyncDisposable
{
    private readonly StandIn standIn;
    private readonly ConcurrentDictionary<string, RequestDelegate> documents;
    private int made;

    private DocumentHost(StandIn standIn, ConcurrentDictionary<string, RequestDelegate> documents) =>
        (this.standIn, this.documents) = (standIn, documents);

    public int Port => standIn.Address.Port;
    public int Connections => standIn.Connections;

    public static async Task<DocumentHost> StartAsync(X509Certificate2? certificate = null)
    {
        var documents = new ConcurrentDictionary<string, RequestDelegate>();
        return new DocumentHost(
            await StandIn.StartAsync(
                http =>
                {
                    if (documents.TryGetValue(http.Request.Path, out var answer))
                        return answer(http);
                    http.Response.StatusCode = 404;
                    return Task.CompletedTask;
                },
                certificate ?? TestAuthority.Localhost
            ),
            documents
        );
    }

    /// <summary>A URL that nothing was published at before.</summary>
    public string NewUrl() => $"https://localhost:{Port}/client-{Interlocked.Increment(ref made)}.json";

    /// <summary>A good document for this client_id; members override or add, a null one is left out.</summary>
    public static JsonObject Document(string url, params (string Member, JsonNode? Value)[] members)
    {
        var document = new JsonObject
        {
            ["client_id"] = url,
            ["client_name"] = "Described client",
            ["redirect_uris"] = new JsonArray(TestClient.RedirectUri),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = "none",
        };
        foreach (var (member, value) in members)
            if (value is null)
                document.Remove(member);
            else
                document[member] = value;
        return document;
    }

    /// <summary>Publishes a good document at a new URL, and returns that.</summary>
    public string Publish(params (string Member, JsonNode? Value)[] members)
    {
        var url = NewUrl();
        return Answer(url, Document(url, members).ToJsonString());
    }

    public string Answer(string url, string body, string? contentType = "application/json", string? cacheControl = null) =>
        Answer(url, http =>
        {
            http.Response.ContentType = contentType;
            if (cacheControl is not null)
                http.Response.Headers.CacheControl = cacheControl;
            return http.Response.WriteAsync(body, http.RequestAborted);
        });

    public string Answer(string url, RequestDelegate answer)
    {
        documents[new Uri(url).AbsolutePath] = answer;
        return url;
    }

    public void Withdraw(string url) => documents.TryRemove(new Uri(url).AbsolutePath, out _);

    /// <summary>How often the URL was asked for.</summary>
    public int Fetches(string url) => standIn.Requests.Count(request => request.Target == new Uri(url).PathAndQuery);

    public ValueTask DisposeAsync() => standIn.DisposeAsync();
}
