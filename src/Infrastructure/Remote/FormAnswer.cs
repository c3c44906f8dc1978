using System.Net;
using System.Text.Json;

namespace OAuthMcp.Infrastructure.Remote;

/// <param name="Members">Null for an empty answer.</param>
internal sealed record FormAnswer(HttpStatusCode Status, JsonElement? Members)
{
    /// <summary>A text member; null when it is missing or something else.</summary>
    public string? Text(string name) => Members?.Text(name);

    /// <summary>
    /// The error code (RFC 6749 §5.2), which GitHub sends with status 200. <c>http_…</c> for a failure without one, null for
    /// success.
    /// </summary>
    public string? Error => Text("error") ?? (Status == HttpStatusCode.OK ? null : $"http_{(int)Status}");
}
