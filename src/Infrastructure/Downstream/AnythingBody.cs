using System.Text.Json;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>The members of an answer that are read. An argument that was sent twice is a list there.</summary>
internal sealed record AnythingBody(
    string? Method,
    string? Url,
    Dictionary<string, JsonElement>? Args,
    Dictionary<string, JsonElement>? Headers
);
