using System.Text.Json;
using OAuthMcp.Domain.Protocol;
using Refit;

namespace OAuthMcp.Infrastructure.Http;

/// <summary>httpbin's wire format.</summary>
internal interface IHttpBinApi
{
    /// <param name="message">Query parameter, escaped.</param>
    /// <param name="tries">Counts how often the request went out.</param>
    [Get("/anything")]
    Task<IApiResponse<AnythingBody>> GetAnythingAsync(string message, [Property(Tries.Key)] Tries tries, CancellationToken ct);
}

/// <summary>The members of an answer that are read; a repeated argument is a list there.</summary>
internal sealed record AnythingBody(string? Method, string? Url, Dictionary<string, JsonElement>? Args, Dictionary<string, JsonElement>? Headers);

/// <summary>How often one call was tried, counted innermost.</summary>
internal sealed class Tries
{
    public const string Key = "tries";

    public int Count { get; set; }

    /// <summary>What the tries were signed with.</summary>
    public HashSet<Secret> Sent { get; } = [];
}
