using OAuthMcp.Application.Settings;

namespace OAuthMcp.Api.Configuration;

/// <summary>The keys of <c>OAuth:ClientMetadataDocuments</c>: whether the URL of a document may be a client's id.</summary>
internal sealed record MetadataDocumentOptions
{
    public bool Enabled { get; init; } = true;
    public string[] AllowedHosts { get; init; } = [];
    public bool AllowLoopback { get; init; }

    /// <returns>Null when no document may describe a client.</returns>
    /// <exception cref="ConfigurationException">Documents on this machine are allowed outside of Development.</exception>
    public MetadataDocumentPolicy? Read(bool isDevelopment)
    {
        if (AllowLoopback && !isDevelopment)
            throw new ConfigurationException("OAuth:ClientMetadataDocuments:AllowLoopback is for Development alone.");
        return Enabled ? new MetadataDocumentPolicy([.. AllowedHosts.Select(host => host.ToLowerInvariant())], AllowLoopback) : null;
    }
}
