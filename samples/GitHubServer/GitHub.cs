using System.Net.Http.Json;
using System.Text.Json;

namespace OAuthMcp.GitHubServer;

/// <summary>GitHub's API, called as whoever calls the tool.</summary>
internal sealed class GitHub
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient http;

    public GitHub(HttpClient http)
    {
        this.http = http;
        http.DefaultRequestHeaders.UserAgent.ParseAdd("my-mcp-server"); // GitHub refuses requests without a name
    }

    /// <summary>The first thirty, the latest change first.</summary>
    public async Task<IReadOnlyList<Repository>> ListRepositoriesAsync(CancellationToken ct) =>
        await http.GetFromJsonAsync<List<Repository>>("user/repos?sort=updated", Json, ct) ?? [];
}

internal sealed record Repository(string FullName, string? Description, bool Private, Uri HtmlUrl);
