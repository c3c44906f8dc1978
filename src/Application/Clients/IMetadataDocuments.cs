using OAuthMcp.Domain.Protocol;

namespace OAuthMcp.Application.Clients;

/// <summary>Reads what strangers publish, from public addresses only and bounded in size and time.</summary>
internal interface IMetadataDocuments
{
    /// <summary>
    /// The metadata at <paramref name="url"/> and for how long it may be used. Otherwise <c>temporarily_unavailable</c> when nobody
    /// answers or <c>invalid_client_metadata</c> when the answer is no document; neither tells anything about the network.
    /// </summary>
    Task<Result<MetadataDocument>> FetchAsync(string url, CancellationToken ct);

    /// <summary>The JWK set at <paramref name="url"/> as JSON, or null when there is none to be had.</summary>
    Task<string?> FetchKeysAsync(string url, CancellationToken ct);
}
