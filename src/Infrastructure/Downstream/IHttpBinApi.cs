using Refit;

namespace OAuthMcp.Infrastructure.Downstream;

/// <summary>httpbin's wire format.</summary>
internal interface IHttpBinApi
{
    /// <param name="message">Query parameter, escaped.</param>
    /// <param name="tries">Counts how often the request went out.</param>
    [Get("/anything")]
    Task<IApiResponse<AnythingBody>> GetAnythingAsync(string message, [Property(Tries.Key)] Tries tries, CancellationToken ct);
}
